"""The scheduler against FSRS-6 as published, and the plan of a day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Js = Callable[..., Any]
DAY = 86_400_000
START = int(datetime(2022, 11, 29, 12, 30, tzinfo=UTC).timestamp() * 1000)
CARD = "(({stability, difficulty, due}) => [stability, difficulty, due.getTime()])"
AFTER = f"{CARD}(m.replayed(reviews).card)"


def answered(grades: list[int], days: list[float]) -> list[dict[str, int]]:
    """Reviews with these grades, each so many days after the one before."""
    at, found = START, []
    for grade, gap in zip(grades, days, strict=True):
        at += round(gap * DAY)
        found.append({"at": at, "grade": grade})
    return found


def test_the_published_memory_state(js: Js):
    # fsrs-rs, src/inference.rs, and after it ts-fsrs, __tests__/FSRS-6.test.ts.
    reviews = answered([1, 3, 3, 3, 3, 3], [0, 0, 1, 3, 8, 21])
    stability, difficulty, _ = js("schedule", AFTER, reviews=reviews)
    assert stability == pytest.approx(53.62691, abs=5e-5)
    assert difficulty == pytest.approx(6.3574867, abs=5e-5)


def test_the_published_intervals(js: Js):
    # ts-fsrs, __tests__/FSRS-6.test.ts, ivl_history; each review at its due time.
    reviews: list[dict[str, int]] = []
    at, days = START, []
    for grade in [3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3]:
        reviews.append({"at": at, "grade": grade})
        due = js("schedule", AFTER, reviews=reviews)[2]
        days.append((due - at) // DAY)
        at = due
    assert days == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.floats(1, 400)), min_size=1, max_size=12)
)
def test_stability_and_difficulty_are_those_of_the_reference(
    js: Js, steps: list[tuple[int, float]]
):
    """py-fsrs is another implementation, by the algorithm's authors; its intervals are
    rounded otherwise, so the states are compared at equal times."""
    # Whole days: py-fsrs counts the days between two reviews in whole ones.
    grades, days = [g for g, _ in steps], [float(int(d)) for _, d in steps]
    scheduler = fsrs.Scheduler(
        learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    card, at = fsrs.Card(), datetime.fromtimestamp(START / 1000, UTC)
    for grade, gap in zip(grades, days, strict=True):
        at += timedelta(days=gap)
        card, _ = scheduler.review_card(card, fsrs.Rating(grade), at)
    stability, difficulty, _ = js("schedule", AFTER, reviews=answered(grades, days))
    assert stability == pytest.approx(card.stability, rel=1e-4, abs=1e-4)
    assert difficulty == pytest.approx(card.difficulty, rel=1e-4, abs=1e-4)


def test_nine_in_ten_are_recalled_when_the_time_has_come(js: Js):
    reviews = answered([3, 3, 3], [0, 0.01, 3])
    stability, _, due = js("schedule", AFTER, reviews=reviews)
    assert (due - reviews[-1]["at"]) / DAY == round(stability)
    again = [*reviews, {"at": reviews[-1]["at"] + round(stability * DAY), "grade": 3}]
    predicted = js(
        "schedule", "m.replayed(again).history.at(-1).predicted", again=again
    )
    assert predicted == pytest.approx(0.9, abs=5e-3)  # it counts whole days


def due(js: Js, reviews: list[dict[str, int]], interview: int | None) -> float:
    """Days from the last review to the next."""
    at = js(
        "schedule",
        "m.due(m.replayed(r).card, interview)",
        r=reviews,
        interview=interview,
    )
    return (at - reviews[-1]["at"]) / DAY


def test_an_interview_caps_intervals_at_half_of_what_is_left(js: Js):
    known = answered([4, 4, 4], [0, 9, 60])
    last = known[-1]["at"]
    assert due(js, known, None) > 100
    assert due(js, known, last + 40 * DAY) == 20
    assert due(js, known, last + DAY) == 1  # never below a day
    assert due(js, known, last - DAY) > 100  # an interview that is over
    short = answered([3, 3], [0, 0.01])
    assert due(js, short, last + 400 * DAY) == due(js, short, None) == 2


def plan(js: Js, cards: list[tuple[str, str]], **given: Any) -> dict[str, Any]:
    """What to ask: ids. `reviews` and `pages` are dicts here."""
    given = {
        "reviews": {},
        "pages": {},
        "zone": 0,
        "fresh": 10,
        "interview": None,
    } | given
    code = (
        "(({ready, unseen, soon, next}) => ({ready: ready.map(c => c.id),"
        " unseen: unseen.map(c => c.id), soon: soon.map(c => c.id), next}))"
        "(m.plan({...given, reviews: new Map(Object.entries(given.reviews)),"
        " pages: new Map(Object.entries(given.pages))}))"
    )
    deck = [{"id": name, "page": page} for name, page in cards]
    found: dict[str, Any] = js("schedule", code, given={**given, "cards": deck})
    return found


DECK = [(f"{page}-{i}", page) for page in "abc" for i in range(4)]


def test_new_cards_come_in_reading_order_and_begun_pages_first(js: Js):
    assert plan(js, DECK, now=START, fresh=5)["unseen"] == [
        "a-0",
        "a-1",
        "a-2",
        "a-3",
        "b-0",
    ]
    begun = {"c-1": [{"at": START - 9 * DAY, "grade": 4}]}
    found = plan(js, DECK, now=START, fresh=5, reviews=begun)["unseen"]
    assert found == ["c-0", "c-2", "c-3", "a-0", "a-1"]
    found = plan(js, DECK, now=START, fresh=2, pages={"b": START})["unseen"]
    assert found == ["b-0", "b-1"]


def test_new_cards_of_today_count_and_those_of_yesterday_do_not(js: Js):
    noon = START // DAY * DAY + DAY // 2
    today = {f"a-{i}": [{"at": noon - 60_000, "grade": 3}] for i in range(3)}
    assert len(plan(js, DECK, now=noon, fresh=5, reviews=today)["unseen"]) == 2
    assert len(plan(js, DECK, now=noon + DAY, fresh=5, reviews=today)["unseen"]) == 5
    # The day is the reader's: an hour before midnight west of Greenwich.
    late = START // DAY * DAY + 4 * 3_600_000
    found = plan(
        js,
        DECK,
        now=late,
        zone=300,
        fresh=5,
        reviews={"a-0": [{"at": late - 5 * 3_600_000, "grade": 3}]},
    )
    assert len(found["unseen"]) == 4
    assert plan(js, DECK, now=noon, fresh=0)["unseen"] == []


def test_due_cards_are_due_all_day_mixed_and_the_same_for_that_day(js: Js):
    morning = START // DAY * DAY + 8 * 3_600_000
    # Learnt two days before in the evening: due this evening, asked from the morning.
    evening = morning - 2 * DAY + 12 * 3_600_000
    twice = [{"at": evening - 600_000, "grade": 3}, {"at": evening, "grade": 3}]
    reviews = {name: twice for name, _ in DECK}
    ready = plan(js, DECK, now=morning, reviews=reviews)["ready"]
    assert sorted(ready) == sorted(name for name, _ in DECK)
    assert ready != [name for name, _ in DECK]
    assert plan(js, DECK, now=morning + 60_000, reviews=reviews)["ready"] == ready
    assert plan(js, DECK, now=morning + DAY, reviews=reviews)["ready"] != ready
    assert plan(js, DECK, now=evening, reviews=reviews)["ready"] == []


def test_a_card_missed_comes_back_within_the_sitting(js: Js):
    reviews = {"a-0": [{"at": START, "grade": 1}]}
    found = plan(js, DECK[:1], now=START + 1000, reviews=reviews)
    assert (found["ready"], found["soon"]) == ([], ["a-0"])
    assert found["next"] == START + 60_000
    assert plan(js, DECK[:1], now=START + 61_000, reviews=reviews)["ready"] == ["a-0"]


def test_a_card_that_left_the_deck_is_not_asked(js: Js):
    reviews = {"gone-1": [{"at": START, "grade": 3}]}
    found = plan(js, DECK[:1], now=START + 9 * DAY, reviews=reviews)
    assert (found["ready"], found["unseen"]) == ([], ["a-0"])


REVIEWS = "new Map(Object.entries(given))"


def test_the_forecast_counts_late_cards_today(js: Js):
    reviews = {
        "late": answered([3, 3], [-30, 0.01]),
        "soon": [{"at": START - 600_000, "grade": 3}, {"at": START, "grade": 3}],
    }
    found = js(
        "schedule", f"m.forecast({REVIEWS}, now, 0, null, 4)", given=reviews, now=START
    )
    assert found == [1, 0, 1, 0]


def test_recall_counts_delayed_answers_only(js: Js):
    reviews = {
        "a-0": answered([3, 3, 3, 1], [0, 0.01, 3, 9]),
        "b-0": answered([3, 4], [0, 5]),
        "gone": answered([3, 4], [0, 5]),
    }
    code = f"m.recall({REVIEWS}, id => ({{'a-0': 'A', 'b-0': 'B'}})[id])"
    one, other = js("schedule", code, given=reviews)
    assert (one["group"], one["count"], one["recalled"]) == ("A", 2, 0.5)
    assert (other["group"], other["count"], other["recalled"]) == ("B", 1, 1)
    assert 0 < one["predicted"] < 1


def test_calibration_puts_each_delayed_answer_into_one_bin(js: Js):
    reviews = {
        f"a-{i}": answered([3, 3, 1 + i % 4], [0, 2, 1 + 3 * i]) for i in range(12)
    }
    bins = js("schedule", f"m.calibration({REVIEWS})", given=reviews)
    assert sum(each["count"] for each in bins) == 24
    assert all(each["from"] <= each["predicted"] <= each["to"] for each in bins)


def test_mastered_means_recalled_last_and_for_three_weeks(js: Js):
    def mastered(grades: list[int], days: list[float]) -> bool:
        found: bool = js("schedule", "m.isMastered(r)", r=answered(grades, days))
        return found

    assert mastered([3, 3, 3, 3], [0, 0.01, 2, 11])
    assert not mastered([3, 3], [0, 0.01])
    assert not mastered([3, 3, 3, 3, 1], [0, 0.01, 2, 11, 40])
    assert not js("schedule", "m.isMastered(undefined)")


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (1000, "1 min"),
        (600_000, "10 min"),
        (3 * 3_600_000, "3 h"),
        (DAY, "1 d"),
        (21.4 * DAY, "21 d"),
        (90 * DAY, "3 mo"),
        (1000 * DAY, "2.7 y"),
    ],
)
def test_a_wait_in_words(js: Js, ms: float, text: str):
    assert js("schedule", "m.wait(ms)", ms=ms) == text
