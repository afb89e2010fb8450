"""Bugs as the window reports them: the command line's line in the same log."""

from gridapp.crash import Bug, describe, log, report

__all__ = ["Bug", "describe", "log", "report"]
