"""What a secretary can do: the verbs that the window, the command line and the office share. No Qt, no SQL text."""

from gridapp.desk import review
from gridapp.desk.aside import Aside, AsideCell, Mended, asides, dismiss, mend, waiting_rows
from gridapp.desk.attaching import AttachmentLine, attach, attachments, glimpse, look, save_out
from gridapp.desk.carrying import Remembered, carry_in, carry_out, forget, remembered
from gridapp.desk.desk import Desk, no_step
from gridapp.desk.duplicates import Comparison, Pair, compare, looked_at, pairs
from gridapp.desk.exchange import BundleLine, ExchangeState, TakenIn, ask_to_join, make_bundle, state, take
from gridapp.desk.filling import MOST_SHEETS, Filled, FillLook, Found, fill_in, look_at_template
from gridapp.desk.finding import Hit, find, households, name_of, options
from gridapp.desk.giving import Given, LedgerChoice, give_out, ledger_filters, ledgers
from gridapp.desk.headings import Pointed, PreviewColumn, PreviewTable, Said, ledger_fields, ledger_kinds, point_out
from gridapp.desk.intake import Intake, PreviewRow, PreviewSheet, offers, preview, problem_copy, take_in
from gridapp.desk.keeping import Kept, keep, last_undo, remove, undo, values
from gridapp.desk.links import waiting
from gridapp.desk.listing import Chip, ListColumn, Listing, ListRow, listing
from gridapp.desk.merging import merge, set_apart
from gridapp.desk.moved import MovedHome, moved
from gridapp.desk.news import News, NewsItem, mark_seen, news, save_template, unread
from gridapp.desk.opening import exists, init, open_desk
from gridapp.desk.outbox import KeptBundle, kept_bundles, write_again
from gridapp.desk.peers import start_over
from gridapp.desk.picking import Filter, Picked
from gridapp.desk.requests import RequestProgress, act, new_request, progress
from gridapp.desk.safekeeping import (
    CheckLine,
    audit,
    back_up,
    back_up_when_due,
    change_password,
    check_up,
    last_backup,
    put_setting,
    renew_recovery_code,
    restore,
    reveal,
    setting,
    to_edit,
)
from gridapp.desk.story import Line, Person, Secret, Story, story
from gridapp.desk.today import Task, Today, today
from gridapp.desk.upgrading import Upgraded, look_at_update, upgrade
from gridapp.desk.visiting import keep_visit, last_visitors
from gridapp.desk.witness import heed, noticed
from gridapp.rules.purposes import Purpose

__all__ = [
    "MOST_SHEETS",
    "Aside",
    "AsideCell",
    "AttachmentLine",
    "BundleLine",
    "CheckLine",
    "Chip",
    "Comparison",
    "Desk",
    "ExchangeState",
    "Given",
    "Hit",
    "Intake",
    "Kept",
    "KeptBundle",
    "LedgerChoice",
    "Line",
    "ListColumn",
    "ListRow",
    "Listing",
    "Person",
    "Picked",
    "Purpose",
    "Mended",
    "News",
    "NewsItem",
    "Pair",
    "PreviewColumn",
    "PreviewRow",
    "PreviewSheet",
    "MovedHome",
    "PreviewTable",
    "Remembered",
    "RequestProgress",
    "Pointed",
    "Said",
    "Secret",
    "Story",
    "TakenIn",
    "Task",
    "Today",
    "Upgraded",
    "act",
    "ask_to_join",
    "asides",
    "attach",
    "attachments",
    "audit",
    "back_up",
    "back_up_when_due",
    "carry_in",
    "carry_out",
    "change_password",
    "check_up",
    "compare",
    "dismiss",
    "exists",
    "find",
    "FillLook",
    "Filled",
    "Filter",
    "Found",
    "fill_in",
    "forget",
    "give_out",
    "glimpse",
    "look_at_template",
    "look_at_update",
    "households",
    "heed",
    "init",
    "keep",
    "keep_visit",
    "kept_bundles",
    "last_backup",
    "last_undo",
    "last_visitors",
    "ledger_fields",
    "ledger_kinds",
    "point_out",
    "ledger_filters",
    "ledgers",
    "listing",
    "looked_at",
    "look",
    "make_bundle",
    "mark_seen",
    "mend",
    "merge",
    "moved",
    "name_of",
    "new_request",
    "news",
    "no_step",
    "open_desk",
    "noticed",
    "options",
    "pairs",
    "preview",
    "problem_copy",
    "progress",
    "put_setting",
    "remembered",
    "remove",
    "renew_recovery_code",
    "restore",
    "reveal",
    "review",
    "set_apart",
    "save_out",
    "save_template",
    "setting",
    "start_over",
    "state",
    "story",
    "take",
    "offers",
    "take_in",
    "to_edit",
    "today",
    "undo",
    "upgrade",
    "unread",
    "values",
    "waiting",
    "waiting_rows",
    "write_again",
]
