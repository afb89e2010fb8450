"""What the centre adds: a desk that also gathers. Enrol grids and offices below, take in bundles, dispatch requests, send everything back."""

from gridapp.office.dispatching import addressees, dispatch, grids
from gridapp.office.enrolling import Enrolled, enrol, look_at_request
from gridapp.office.gathering import Outcome, due, make_return, take
from gridapp.office.publishing import Published, Sent, examples, look_at, publish, published, withdraw
from gridapp.office.reassigning import reassign
from gridapp.office.standing import GridLine, start_over, status, verified

__all__ = [
    "Enrolled",
    "GridLine",
    "Outcome",
    "Published",
    "Sent",
    "addressees",
    "dispatch",
    "due",
    "enrol",
    "examples",
    "grids",
    "look_at",
    "look_at_request",
    "make_return",
    "publish",
    "published",
    "reassign",
    "start_over",
    "status",
    "take",
    "verified",
    "withdraw",
]
