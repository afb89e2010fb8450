"""How far a request is, and the next steps as buttons; a step is written down in the same place."""
from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridapp import desk
from gridapp.records import RequestEvent, column
from gridapp.ui.fields import Fields
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, clear, flow, label, row, tag

ASKS = {"feedback": ("by", "manner", "satisfaction", "note")}
PLAIN = ("by", "note")


class RequestSteps(QWidget):
    """The progress of one request."""

    def __init__(self, seat: Seat, request_id: str) -> None:
        super().__init__()
        self.seat, self.request_id = seat, request_id
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.fields: Fields | None = None
        self.ask()

    def ask(self) -> None:
        """Fetch and show how far it is."""
        self.seat.ask(lambda: desk.progress(self.seat.desk, self.request_id), self.show_progress)

    def show_progress(self, progress: Any) -> None:
        """State, deadline, the steps taken, the steps that may follow."""
        clear(self._box)
        self.fields = None
        tone = "late" if progress.late else "good" if progress.state in ("closed", "feedback") else "warn"
        until = label(f"办理时限 {progress.due}" if progress.due else "", "sub")
        self._box.addLayout(row(tag(progress.state_label + ("，已超期" if progress.late else ""), tone), until, None))
        for text in progress.events:
            self._box.addWidget(label(text, "sub", wrap=True))
        buttons = [button(text, "plain", partial(self._write, key, text)) for key, text in progress.may]
        if buttons:
            self._box.addWidget(label("接下来可以：", "small"))
            self._box.addWidget(flow(*buttons))

    def _write(self, action: str, text: str) -> None:
        clear(self._box)
        self._box.addWidget(label(text, "section"))
        self.fields = Fields(self.seat, [column(RequestEvent, name) for name in ASKS.get(action, PLAIN)])
        self.fields.set_values({"by": self.seat.desk.who})
        self._box.addWidget(self.fields)
        self._box.addLayout(row(None, button("取消", "plain", self.ask), button("记下", "primary", lambda: self._act(action, text))))
        self.fields.start()

    def _act(self, action: str, text: str) -> None:
        if self.fields is None:
            return
        raw = self.fields.raw()
        rest = {name: raw.get(name) for name in ("satisfaction", "manner") if raw.get(name)}
        given: dict[str, Any] = {"by": raw.get("by") or "", "note": raw.get("note") or "", **rest}
        self.seat.ask(lambda: desk.act(self.seat.desk, self.request_id, action, **given), partial(self._acted, text))

    def _acted(self, text: str, kept: Any) -> None:
        if kept.saved:
            self.seat.kept(kept, {"request", "request_event"}, f"已记下：{text}。")
        elif self.fields:
            rest = self.fields.show_faults(kept.faults)
            if rest:
                self.seat.shell.warn("\n".join(f"{fault.text}{fault.hint}" for fault in rest))
