"""Lanes: off the window's thread, in order, cancellable, always ended, always joined."""
from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QProgressDialog, QWidget

from gridapp import crash
from gridapp.rules.reading import Trouble
from gridapp.ui import jobs


@pytest.fixture
def lane(qapp):
    made = jobs.Lane("test")
    yield made
    made.close()


def test_a_result_comes_to_the_windows_thread_and_ended_comes_last(qtbot, lane):
    heard = []
    job = lane.run(lambda step: threading.current_thread())
    job.done.connect(lambda worker: heard.append((worker is threading.main_thread(), threading.current_thread() is threading.main_thread())))
    job.ended.connect(lambda: heard.append("ended"))
    qtbot.waitUntil(lambda: "ended" in heard)
    assert heard == [(False, True), "ended"]


def test_calls_keep_their_order_on_one_thread(qtbot, lane):
    heard = []
    for number in range(20):
        lane.run(lambda step, number=number: (number, threading.get_ident())).done.connect(heard.append)
    qtbot.waitUntil(lambda: len(heard) == 20)
    assert [number for number, _ in heard] == list(range(20))
    assert len({thread for _, thread in heard}) == 1


def test_a_trouble_is_told_and_a_bug_is_told_without_its_values(qtbot, lane):
    heard = []
    secret = "李秀英 16100000001"

    def trouble(step):
        raise Trouble("磁盘已满。请清理后再试。")

    def bug(step):
        raise KeyError(secret)

    for call in (trouble, bug):
        lane.run(call).failed.connect(heard.append)
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[0].text == "磁盘已满。请清理后再试。"
    assert isinstance(heard[1], crash.Bug) and heard[1].what.startswith("KeyError < ui/jobs.py:")
    assert secret not in heard[1].what


def test_what_a_cycle_holds_dies_on_the_windows_thread_however_busy_the_worker(qtbot, lane):
    class Knot(QObject):
        pass

    died_on, knot = [], Knot()
    knot.itself = knot
    weakref.finalize(knot, lambda: died_on.append(threading.current_thread()))
    del knot
    worked = []
    lane.run(lambda step: [[[]] for _ in range(200_000)] and "busy").done.connect(worked.append)
    qtbot.waitUntil(lambda: bool(worked), timeout=20_000)
    gc.collect()
    assert died_on == [threading.main_thread()]


def test_young_cycles_are_collected_without_anybody_asking(qtbot, lane):
    died, knot = [], QObject()
    knot.itself = knot
    weakref.finalize(knot, died.append, True)
    del knot
    made = [[] for _ in range(10 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: bool(died), timeout=20_000)
    assert made and not gc.isenabled()


def test_progress_arrives_and_cancel_stops_at_the_next_step(qtbot, lane):
    seen, ended, reached = [], [], threading.Event()

    def call(step):
        for done in range(1_000_000):
            step(done, 1_000_000)
            if done > 10:
                reached.set()
        return "never"

    job = lane.run(call)
    job.progress.connect(lambda done, total: seen.append((done, total)))
    job.done.connect(seen.append)
    job.failed.connect(seen.append)
    job.ended.connect(lambda: ended.append(True))
    assert reached.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(ended))
    assert seen and all(isinstance(each, tuple) for each in seen)


def test_a_job_cancelled_before_its_turn_never_begins(qtbot, lane):
    gate, ran, ended = threading.Event(), [], []
    lane.run(lambda step: gate.wait(5))
    waiting = lane.run(lambda step: ran.append(True))
    waiting.ended.connect(lambda: ended.append(True))
    waiting.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert not ran


def test_closing_joins_the_thread_and_carries_out_the_last_call(qapp):
    made, order = jobs.Lane("closing"), []
    made.run(lambda step: order.append("first"))
    made.close(last=lambda: order.append("last"))
    assert order[-1] == "last"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("gridapp-closing")]


def test_an_answer_for_a_widget_that_is_gone_is_dropped(qtbot):
    class Listener(QWidget):
        heard: list = []

        def hear(self, value):
            self.heard.append(value)

    import shiboken6

    widget = Listener()
    told = jobs.if_alive(widget.hear)
    told(1)
    shiboken6.delete(widget)
    told(2)
    assert Listener.heard == [1]


def test_the_dialog_shows_only_for_what_takes_long_and_cancels(qtbot, lane):
    parent = QWidget()
    qtbot.addWidget(parent)
    gate, ended = threading.Event(), []

    def call(step):
        while not gate.wait(0.005):
            step(1, 2)

    job = lane.run(call)
    job.ended.connect(lambda: ended.append(True))
    dialog = jobs.with_dialog(job, parent, "正在读取台账……", after=30)
    assert not dialog.isVisible()
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.labelText() == "正在读取台账……"
    dialog.canceled.emit()
    qtbot.waitUntil(lambda: bool(ended))
    qtbot.waitUntil(lambda: not parent.findChildren(QProgressDialog))


def test_a_job_that_waits_says_so_until_it_moves(qtbot, lane, monkeypatch):
    monkeypatch.setattr(jobs, "QUIET", 60)
    parent, go_on = QWidget(), threading.Event()
    qtbot.addWidget(parent)

    def waits(step):
        for _ in range(500):
            step(1, 9)  # told again and again: nothing moves
            if go_on.wait(0.01):
                break
        step(9, 9)

    job, said = lane.run(waits), []
    dialog = jobs.with_dialog(job, parent, "正在生成上报包……", after=1, slow="U 盘还没有反应。")
    job.progress.connect(lambda done, total: said.append((done, dialog.labelText())))
    qtbot.waitUntil(lambda: (1, "正在生成上报包……\nU 盘还没有反应。") in said)
    go_on.set()
    qtbot.waitUntil(lambda: job.over)
    assert said[0] == (1, "正在生成上报包……")
    assert said[-1] == (9, "正在生成上报包……")


def test_a_quick_job_never_shows_its_dialog(qtbot, lane):
    parent = QWidget()
    qtbot.addWidget(parent)
    job, ended = lane.run(lambda step: 1), []
    dialog = jobs.with_dialog(job, parent, "正在读取……", after=50)
    shown = []
    dialog.finished.connect(lambda _: shown.append(True))
    job.ended.connect(lambda: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended))
    qtbot.wait(80)
    assert not parent.findChildren(QProgressDialog)


def test_a_closed_lane_runs_nothing(qapp):
    made, ran = jobs.Lane("closed"), []
    made.close()
    job = made.run(lambda step: ran.append(True))
    assert job.cancelled and not made.busy and not ran
