"""What we keep: each record is declared once; tables, forms, lists, import headings, ledgers and bundles follow from it."""

from __future__ import annotations

from gridapp.records.apart import Apart
from gridapp.records.attachment import Attachment
from gridapp.records.base import Record, new_id
from gridapp.records.building import Building
from gridapp.records.columns import Column, column, columns, every_column, read_values
from gridapp.records.decision import Decision
from gridapp.records.household import Household
from gridapp.records.material import Material
from gridapp.records.member import Member
from gridapp.records.org import Org
from gridapp.records.request import Request, RequestEvent
from gridapp.records.resident import Resident
from gridapp.records.service import Consent, ServiceNeed
from gridapp.records.visit import Visit

RECORDS: tuple[type[Record], ...] = (
    Org, Building, Household, Resident, Member, Visit, Request, RequestEvent, ServiceNeed, Consent, Attachment, Material, Decision, Apart
)

BY_NAME: dict[str, type[Record]] = {record.__tablename__: record for record in RECORDS}  # type: ignore[misc]

__all__ = ["BY_NAME", "RECORDS", "Column", "Record", "column", "columns", "every_column", "new_id", "read_values"]
__all__ += [record.__name__ for record in RECORDS]
