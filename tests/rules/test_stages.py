"""A request's state is a fold of its events, the same whatever order they arrived in."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import codes, stages
from gridapp.rules.reading import Trouble

DAY = "2024-01-{:02}T08:00:00.000Z"
ACTIONS = tuple(codes.table("request_action").items)


def at(*actions):
    return [(action, DAY.format(number)) for number, action in enumerate(actions, 1)]


@pytest.mark.parametrize(("actions", "state"), [
    ((), "accepted"), (("accept",), "accepted"), (("accept", "dispatch"), "dispatched"), (("accept", "dispatch", "sign"), "signed"),
    (("accept", "dispatch", "sign", "handle"), "handling"), (("accept", "handle", "close"), "closed"), (("accept", "close", "feedback"), "heard"),
    (("accept", "close", "feedback", "archive"), "archived"), (("accept", "return"), "returned"), (("accept", "suspend"), "suspended"),
    (("accept", "suspend", "handle"), "handling"), (("accept", "close", "handle"), "handling"), (("accept", "close", "dispatch"), "closed"),
    (("accept", "archive"), "accepted"), (("close", "archive", "handle"), "archived"), (("close",), "closed"), (("dance",), "accepted")])
def test_state(actions, state):
    assert stages.state(at(*actions)) == state


def test_closed_on():
    assert stages.closed_on(at("accept", "handle")) is None
    assert stages.closed_on(at("accept", "close", "feedback", "archive")) == "2024-01-02"
    assert stages.closed_on(at("accept", "close", "handle")) is None
    assert stages.closed_on(at("accept", "close", "handle", "close")) == "2024-01-04"
    assert stages.closed_on([("close", "2024-01-05T17:00:00.000Z")]) == "2024-01-06"


def test_what_may_come_next():
    assert stages.may("archived") == ()
    assert "feedback" in stages.may("closed") and "dispatch" not in stages.may("closed")
    assert stages.is_open("handling") and not stages.is_open("closed")


def test_the_table_and_the_codes_agree():
    table = stages.stages()
    states = set(codes.table("request_state").items)
    assert set(table.leads) == set(ACTIONS)
    assert {table.initial, *table.ended, *table.leads.values()} <= states
    assert set().union(*table.from_.values()) <= states


def test_a_damaged_table_is_trouble(tmp_path, monkeypatch):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "stages.toml").write_text("initial = 3", "utf-8")
    monkeypatch.setattr(stages.places, "resources", lambda *parts: tmp_path.joinpath(*parts))
    with pytest.raises(Trouble, match="办理环节表"):
        stages.stages.__wrapped__()


events = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(1, 9).map(DAY.format), st.uuids().map(lambda key: key.hex)), max_size=12,
    unique_by=lambda event: event[2])


@given(events, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(history, random):
    shuffled = random.sample(history, len(history))
    assert stages.state(shuffled) == stages.state(history)
    assert stages.closed_on(shuffled) == stages.closed_on(history)


@given(events)
def test_a_request_is_closed_exactly_when_it_has_a_closing_day(history):
    assert stages.is_open(stages.state(history)) == (stages.closed_on(history) is None)


@given(events, st.sampled_from(ACTIONS))
def test_an_action_that_may_be_taken_is_carried_out(history, action):
    now = stages.state(history)
    after = stages.state([*history, (action, DAY.format(28), "f" * 32)])
    assert after == (stages.stages().leads[action] if action in stages.may(now) else now)
