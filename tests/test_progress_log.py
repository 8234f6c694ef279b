"""The reader's log: what counts as an event; merging loses and doubles nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from javascript import JavaScriptError

Js = Callable[..., Any]
Event = dict[str, Any]

# Few ids and times, so that logs overlap and clash.
IDS = st.sampled_from([f"{i:016x}" for i in range(8)])
TIMES = st.integers(0, 5)
CONTENTS = st.one_of(
    st.fixed_dictionaries(
        {"card": st.sampled_from(["a-b", "c-d"]), "grade": st.integers(1, 4)}
    ),
    st.fixed_dictionaries({"undo": IDS}),
    st.fixed_dictionaries({"page": st.just("x/y/"), "read": st.booleans()}),
    st.fixed_dictionaries({"set": st.just("fresh"), "value": st.integers(0, 9)}),
    st.fixed_dictionaries({"later": st.text(max_size=9)}),  # of a version to come
)
EVENTS = st.builds(
    lambda id, at, more: {"id": id, "at": at, **more}, IDS, TIMES, CONTENTS
)
LOGS = st.lists(EVENTS, max_size=8)


def merge(js: Js, one: list[Event], other: list[Event]) -> list[Event]:
    found: list[Event] = js(
        "progress-log", "m.merged(one, other)", one=one, other=other
    )
    return found


@settings(deadline=None)
@given(one=LOGS, other=LOGS, third=LOGS)
def test_merging_is_commutative_associative_and_idempotent(
    js: Js, one: list[Event], other: list[Event], third: list[Event]
):
    both = merge(js, one, other)
    assert both == merge(js, other, one)
    assert merge(js, both, third) == merge(js, one, merge(js, other, third))
    assert merge(js, both, both) == merge(js, both, one) == both


@settings(deadline=None)
@given(one=LOGS, other=LOGS)
def test_merging_loses_no_event_and_doubles_none(
    js: Js, one: list[Event], other: list[Event]
):
    both = merge(js, one, other)
    ids = [event["id"] for event in both]
    assert len(ids) == len(set(ids))
    assert set(ids) == {event["id"] for event in [*one, *other]}
    assert all(event in one or event in other for event in both)
    assert both == sorted(both, key=lambda event: (event["at"], event["id"]))


@settings(deadline=None)
@given(log=LOGS)
def test_export_import_export_is_the_same_file(js: Js, log: list[Event]):
    text = js("progress-log", "m.exported(log)", log=log)
    again = js("progress-log", "m.imported(text)", text=text)
    assert again == {"events": merge(js, log, []), "unreadable": 0}
    assert js("progress-log", "m.exported(log)", log=again["events"]) == text


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        7,
        "x",
        [],
        {},
        {"id": "0" * 16},
        {"id": "0" * 15, "at": 1},
        {"id": "G" * 16, "at": 1},
        {"id": "0" * 16, "at": -1},
        {"id": "0" * 16, "at": 1.5},
        {"id": "0" * 16, "at": "1"},
        {"id": "0" * 16, "at": 1e300},
        {"id": "0" * 16, "at": 1, "card": "a-b", "grade": 5},
        {"id": "0" * 16, "at": 1, "grade": 3},
        {"id": "0" * 16, "at": 1, "card": {"a": 1}, "grade": 3},
        {"id": "0" * 16, "at": 1, "undo": "<img>"},
        {"id": "0" * 16, "at": 1, "page": "x/", "read": "yes"},
        {"id": "0" * 16, "at": 1, "set": "fresh", "value": []},
        {"id": "0" * 16, "at": 1, "later": "x" * 3000},
    ],
)
def test_what_is_no_event_is_left_out_and_counted(js: Js, wrong: Any):
    right = {"id": "1" * 16, "at": 2, "card": "a-b", "grade": 3}
    text = json.dumps({"study-notes-progress": 1, "events": [wrong, right]})
    found = js("progress-log", "m.imported(text)", text=text)
    assert found == {"events": [right], "unreadable": 1}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"events": []}', '{"study-notes-progress": 1}']
)
def test_another_file_is_refused_with_what_was_expected(js: Js, text: str):
    with pytest.raises(JavaScriptError, match="not a file that was exported here"):
        js("progress-log", "m.imported(text)", text=text)


def test_what_the_log_says(js: Js):
    log = [
        {"id": "0" * 15 + "3", "at": 3, "card": "a-b", "grade": 4},
        {"id": "0" * 15 + "1", "at": 1, "card": "a-b", "grade": 3},
        {"id": "0" * 15 + "2", "at": 2, "card": "a-b", "grade": 1},
        {"id": "0" * 15 + "4", "at": 4, "undo": "0" * 15 + "2"},
        {"id": "0" * 15 + "5", "at": 5, "page": "x/", "read": True},
        {"id": "0" * 15 + "6", "at": 6, "page": "y/", "read": True},
        {"id": "0" * 15 + "7", "at": 7, "page": "y/", "read": False},
        {"id": "0" * 15 + "8", "at": 8, "set": "fresh", "value": 3},
        {"id": "0" * 15 + "9", "at": 9, "set": "fresh", "value": 4},
    ]
    code = (
        "Object.fromEntries(Object.entries(m.told(log)).map(([k, v]) => [k, [...v]]))"
    )
    assert js("progress-log", code, log=log) == {
        "reviews": [["a-b", [{"at": 1, "grade": 3}, {"at": 3, "grade": 4}]]],
        "pages": [["x/", 5], ["y/", None]],
        "settings": [["fresh", 4]],
    }


def test_an_undo_counts_whatever_its_order_in_time(js: Js):
    log = [
        {"id": "0" * 16, "at": 9, "card": "a-b", "grade": 3},
        {"id": "1" * 16, "at": 1, "undo": "0" * 16},  # a clock was put back
    ]
    assert js("progress-log", "m.told(log).reviews.size", log=log) == 0
