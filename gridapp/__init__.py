"""gridapp (网格支部): a grid's Party-branch secretary keeps each fact once and gives it out as any ledger."""

__version__ = "0.1.0"
