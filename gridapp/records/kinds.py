"""Kinds of value: how one sort of datum is read from a cell or an editor, shown, masked, and stored (as text or a whole number)."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from gridapp.rules import addresses, codes, dates, id_numbers, masking, moments, names, numbers, phones, text
from gridapp.rules.reading import BLANK, Fault, Reading, refuse

EMPTY = "--"


@dataclass(frozen=True)
class Kind:
    """Facts about one datum, and what can be done with its values.

    number: the field's stable number (1..60) in change masks and bundles; never reused. label: its heading.
    aliases: headings old ledgers use. ledger: what ledgers call it, where that differs from the attribute.
    secrecy: 0 none, 1 ordinary personal, 2 important (masked), 3 sensitive (separate consent). purpose: why it is kept (2 and 3).
    listed: a column of the record's page. off: kept only where the grid has switched it on.
    policy: who wins a true conflict ("" last writer, "office_wins"). hidden: kept by the program for itself; no form, list or ledger has it.
    """

    number: int
    label: str
    _: KW_ONLY
    aliases: tuple[str, ...] = ()
    secrecy: int = 0
    purpose: str = ""
    listed: bool = True
    policy: str = ""
    ledger: str = ""
    off: bool = False
    hidden: bool = False

    stores: ClassVar[type] = str
    right: ClassVar[bool] = False

    def read(self, raw: Any) -> Reading:
        """The stored value of what a cell or an editor holds; blank is None."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """The value as a person reads it; "" when there is none."""
        return "" if value is None else str(value)

    def mask(self, value: Any) -> str:
        """The value as it stands in lists: enough to recognise, not enough to take away."""
        return masking.text(self.show(value)) if self.secrecy >= 2 else self.show(value)


@dataclass(frozen=True)
class Text(Kind):
    """Free text of at most `longest` characters."""

    longest: int = 200

    def read(self, raw: Any) -> Reading:
        value = text.clean(raw)
        if text.is_blank(value):
            return BLANK
        if len(value) > self.longest:
            return refuse("too_long", f"{self.label}最多 {self.longest} 个字，现在有 {len(value)} 个字。", "请缩短后再保存。")
        return Reading(value)


@dataclass(frozen=True)
class Address(Text):
    """An address in words; lists show it up to the building."""

    def mask(self, value: Any) -> str:
        return masking.address(value)


@dataclass(frozen=True)
class Name(Kind):
    """One person's name."""

    def read(self, raw: Any) -> Reading:
        return names.read(raw)

    def mask(self, value: Any) -> str:
        return masking.name(value)


@dataclass(frozen=True)
class People(Kind):
    """Several names, joined by 、."""

    def read(self, raw: Any) -> Reading:
        return names.people(raw)

    def mask(self, value: Any) -> str:
        return masking.people(value)


@dataclass(frozen=True)
class Choice(Kind):
    """One code of a code table (resources/rules/codes.toml)."""

    table: str = ""

    @property
    def codes(self) -> codes.CodeTable:
        return codes.table(self.table)

    def read(self, raw: Any) -> Reading:
        return self.codes.read(raw)

    def show(self, value: Any) -> str:
        return self.codes.label(value) if value is not None else ""

    def mask(self, value: Any) -> str:
        return self.show(value)


@dataclass(frozen=True)
class Date(Kind):
    """A whole day, ISO text."""

    def read(self, raw: Any) -> Reading:
        return dates.read_whole(raw)


@dataclass(frozen=True)
class PartDate(Kind):
    """A day, a month or a year, as much as is known: ISO text cut short."""

    def read(self, raw: Any) -> Reading:
        return dates.read(raw)


@dataclass(frozen=True)
class Year(Kind):
    """A year of birth; a full date gives its year and nothing more is kept."""

    stores = int

    def read(self, raw: Any) -> Reading:
        found = dates.read(raw)
        return Reading(int(found.value[:4]) if found.value else None, found.faults)


@dataclass(frozen=True)
class Moment(Kind):
    """A moment, UTC ISO text to the millisecond; read and shown in local time."""

    def read(self, raw: Any) -> Reading:
        return moments.read(raw)

    def show(self, value: Any) -> str:
        return moments.show(value)


@dataclass(frozen=True)
class Phone(Kind):
    """One or more phone numbers, joined by 、."""

    def read(self, raw: Any) -> Reading:
        return phones.read(raw)

    def mask(self, value: Any) -> str:
        return masking.phone(value)


@dataclass(frozen=True)
class IdNumber(Kind):
    """A citizen ID number, 18 characters (GB 11643-1999)."""

    def read(self, raw: Any) -> Reading:
        return id_numbers.read(raw)

    def mask(self, value: Any) -> str:
        return masking.id_number(value)


@dataclass(frozen=True)
class Count(Kind):
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 100_000
    unit: str = ""

    stores = int
    right = True

    def read(self, raw: Any) -> Reading:
        found = numbers.whole(raw)
        if found.value is not None and not self.least <= found.value <= self.most:
            return refuse("out_of_range", f"{self.label}应在 {self.least} 到 {self.most} 之间。", "请核对后重新填写。")
        return found


@dataclass(frozen=True)
class YesNo(Kind):
    """是 or 否, stored as 1 or 0."""

    stores = int

    def read(self, raw: Any) -> Reading:
        found = numbers.yes_no(raw)
        return Reading(None if found.value is None else int(found.value), found.faults)

    def show(self, value: Any) -> str:
        return "" if value is None else "是" if value else "否"


@dataclass(frozen=True)
class Link(Kind):
    """The id of another record (32 hexadecimal digits)."""

    target: str = ""

    def read(self, raw: Any) -> Reading:
        value = text.clean(raw)
        if not value:
            return BLANK
        if len(value) != 32:
            return Reading(None, (Fault("link_unknown", f"没有找到对应的{self.label}。", f"请从列表里选择{self.label}。"),))
        return Reading(value)


KINDS: tuple[type[Kind], ...] = (Text, Address, Name, People, Choice, Date, PartDate, Year, Moment, Phone, IdNumber, Count, YesNo, Link)


def room_label(building: str | None, unit: str | None, room: str | None) -> str:
    """'3-2-501', the way people say where a household lives."""
    return addresses.short(building or "", unit or "", room or "")
