"""The window: the only part that knows Qt.

How the parts fit (read this before adding a page):
- theme, widgets, flow, jobs, seat, rail, window, app are on the way to the first paint: nothing there imports the desk, records or workbooks
  at module level. Every other module may, because it is itself imported after the window shows (window.PAGES names them).
- A page is a QWidget made as `Page(seat)`. Optional methods: `refresh()` (called when shown and after `changed`), `arrive(**where)` (before
  refresh, when something is to be opened there), `leave() -> bool` (False keeps the user here).
- A page never calls the desk directly: `seat.ask(lambda: desk.listing(seat.desk, "visit"), self._show)` for what is quick,
  `seat.work(lambda step: desk.take_in(seat.desk, path, step), self._done, text="正在导入……")` for what may take long.
- What the user is told: `seat.say(text)`, `seat.kept(kept, {"visit"}, "走访已保存。")` (toast with 撤销), troubles by themselves.
"""
