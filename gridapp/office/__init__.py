"""What the centre adds: a desk that also gathers. Enrol grids, take in their bundles, dispatch requests, send everything back."""

from gridapp.office.dispatching import dispatch, grids
from gridapp.office.enrolling import Enrolled, enrol, look_at_request
from gridapp.office.gathering import GridLine, Outcome, make_return, status, take
from gridapp.office.publishing import Published, Sent, look_at, publish, published, withdraw

__all__ = [
    "Enrolled",
    "GridLine",
    "Outcome",
    "Published",
    "Sent",
    "dispatch",
    "enrol",
    "grids",
    "look_at",
    "look_at_request",
    "make_return",
    "publish",
    "published",
    "status",
    "take",
    "withdraw",
]
