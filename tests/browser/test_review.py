"""The review page: what is due, by keyboard, over a week, exported and imported."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from browser.studying import deck, grade, grades, log, of_kind, opened
from playwright.sync_api import Browser, Page, expect

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = 86_400_000


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page in a zone of its own, whose clock the test can set."""
    context = browser.new_context(
        base_url=site, timezone_id="America/New_York", service_workers="block"
    )
    yield context.new_page()
    context.close()


def asked(page: Page) -> str | None:
    """The id of the card that is asked now."""
    card = page.locator("study-review .stage study-card")
    expect(card.or_(page.locator("study-review .done"))).to_be_visible()
    name = card.get_attribute("id") if card.count() else None
    return name.removeprefix("card-") if name else None


def counts(page: Page) -> tuple[int, int, int]:
    """Due, new, answered today."""
    expect(page.locator("study-review .counts")).to_contain_text("answered today")
    parts = page.locator("study-review .counts").inner_text().split(" · ")
    due, new, answered = (int(part.split()[0]) for part in parts)
    return due, new, answered


def answer(page: Page, name: str) -> None:
    """Grade the card that is asked, and wait for the next."""
    before = counts(page)[2]
    page.locator(".stage study-card details > summary").click()
    page.locator(".stage").get_by_role("button", name=name, exact=False).first.click()
    expect(page.locator("study-review .counts")).to_contain_text(
        f"{before + 1} answered"
    )


def test_a_week_of_study(page: Page):
    """Four new cards a day, some forgotten; what is shown agrees with the log."""
    page.clock.install(time=MONDAY)
    chance = random.Random(0)
    page.goto("review/")
    page.get_by_label("New cards a day").fill("4")
    page.get_by_label("New cards a day").press("Enter")
    expect(page.locator("study-review .counts")).to_have_text(
        "0 due · 4 new · 0 answered today"
    )
    for day in range(7):
        page.clock.set_fixed_time(MONDAY + timedelta(days=day))
        page.goto("review/")
        due, new, answered = counts(page)
        assert (new, answered) == (4, 0)
        assert due > 0 or day < 2
        for step in range(40):
            page.clock.set_fixed_time(MONDAY + timedelta(days=day, minutes=step))
            if asked(page) is None:
                break
            answer(page, chance.choices(["Again", "Good", "Easy"], [1, 4, 2])[0])
        assert asked(page) is None, "a day's work comes to an end"
        expect(page.locator(".done")).to_contain_text("Nothing to ask now")
    kept = grades(page)
    assert len({card for card, _ in kept}) == 28  # each day's new cards
    assert len(kept) > 50
    statistics = page.locator("study-review .statistics")
    expect(statistics).to_contain_text(f"28 of {len(deck(page)['cards'])} cards begun")
    plots = statistics.locator("svg[role=img]")
    expect(plots).to_have_count(3)
    for plot in plots.all():
        assert len(plot.get_attribute("aria-label") or "") > 20
    # The counts in the second plot are the answers after half a day or more.
    seen: dict[str, int] = {}
    delayed = 0
    for event in log(page):
        if "grade" in event:
            delayed += event["at"] - seen.get(event["card"], event["at"]) > DAY / 2
            seen[event["card"]] = event["at"]
    label = plots.nth(1).get_attribute("aria-label") or ""
    shown = [int(part.split(" of ")[1].split()[0]) for part in label.split("; ")]
    assert sum(shown) == delayed >= 8
    # New York: a new day begins at its own midnight, five hours after Greenwich's.
    page.clock.set_fixed_time(datetime(2026, 3, 9, 3, 0, tzinfo=UTC))
    page.goto("review/")
    assert counts(page)[1] == 0
    page.clock.set_fixed_time(datetime(2026, 3, 9, 5, 1, tzinfo=UTC))
    page.goto("review/")
    assert counts(page)[1] == 4


def test_from_start_to_end_by_keyboard(page: Page, quiet: None):
    page.goto("review/")
    asked(page)
    expect(page.locator("study-review :focus")).to_have_count(1)
    given = {}
    for number in ("3", "1", "4"):
        name = asked(page)
        assert name
        stage = page.locator(".stage")
        if stage.get_by_label("Your answer").count():
            expect(stage.get_by_label("Your answer")).to_be_focused()
            page.keyboard.type("0")
            page.keyboard.press("Enter")
        elif stage.locator("[type=radio]").count():
            expect(stage).to_be_focused()
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
        else:
            expect(stage).to_be_focused()
            page.keyboard.press("Space")
        expect(stage.locator(".grades")).to_be_visible()
        page.keyboard.press(number)
        expect(page.locator(f".stage #card-{name}")).to_have_count(0)
        given[name] = int(number)
    assert dict(grades(page)) == given
    # The last one is taken back, and asked again.
    page.keyboard.press("u")
    expect(page.locator(f".stage #card-{name}")).to_have_count(1)
    assert log(page)[-1]["undo"] == log(page)[-2]["id"]


def test_letters_and_digits_elsewhere_on_the_page_grade_nothing(
    page: Page, quiet: None
):
    page.goto("review/")
    asked(page)
    page.locator(".stage study-card summary").first.click()
    page.get_by_label("New cards a day").fill("4")
    page.get_by_label("New cards a day").press("3")
    page.locator("h1").click()
    page.keyboard.press("3")
    assert grades(page) == []


def test_a_section_is_asked_alone(page: Page, quiet: None):
    page.goto("review/")
    asked(page)
    name = next(iter(deck(page)["sections"]))
    page.get_by_label("Ask from").select_option(name)
    mine = {c["id"] for c in deck(page)["cards"] if c["page"].startswith(f"{name}/")}
    for _ in range(3):
        assert asked(page) in mine
        answer(page, "Easy")


def test_a_tag_is_asked_alone(page: Page, quiet: None):
    page.goto("review/")
    asked(page)
    pages = deck(page)["pages"]
    tag = pages["evaluation/roc-and-auc/"]["tags"][-1]
    page.get_by_label("Ask from").select_option(label=tag)
    tagged = {address for address, about in pages.items() if tag in about["tags"]}
    assert 0 < len(tagged) < len(pages)
    mine = {c["id"] for c in deck(page)["cards"] if c["page"] in tagged}
    for _ in range(3):
        assert asked(page) in mine
        answer(page, "Easy")


def test_an_interview_brings_cards_back_before_it(page: Page):
    page.clock.install(time=MONDAY)
    page.goto("review/")
    page.get_by_label("Interview on").fill("2026-03-08")
    expect(page.locator("study-review .counts")).to_contain_text("0 answered")
    page.locator(".stage study-card details > summary").click()
    easy = page.locator(".stage").get_by_role("button", name="Easy")
    expect(easy).to_contain_text("3 d")  # and not 8: half of the time left
    assert [event.get("set") for event in log(page)] == ["interview"]


def downloaded(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def take_in(page: Page, path: Path, told: str) -> None:
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator("study-review .told")).to_have_text(told)


def test_progress_goes_to_another_browser_and_back(
    page: Page, browser: Browser, site: str, tmp_path: Path
):
    grade(opened(page, of_kind(page, "recall")), "Good")
    page.goto("review/")
    file = downloaded(page, tmp_path)
    assert file.name.startswith("study-notes-") and file.suffix == ".json"
    context = browser.new_context(base_url=site, service_workers="block")
    other = context.new_page()
    grade(opened(other, of_kind(page, "numeric")), "Hard")
    other.goto("review/")
    take_in(other, file, "Added 1 record.")
    assert sorted(grades(other)) == sorted(
        [*grades(page), (of_kind(page, "numeric")["id"], 2)]
    )
    take_in(other, file, "Everything in the file was here already.")
    both = downloaded(other, tmp_path)
    take_in(page, both, "Added 1 record.")
    assert log(page) == log(other)
    # The same file again, byte for byte.
    assert downloaded(page, tmp_path).read_bytes() == both.read_bytes()
    context.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Nothing was imported: this is not a file that was exported here"),
        ("<svg onload=alert(1)>", "Nothing was imported: this is not a file"),
        ('{"events": 3}', "Nothing was imported: this is not a file"),
        ('{"study-notes-progress": 1, "events": [{"id": 3}]}', "1 record in the file"),
    ],
)
def test_another_file_is_refused_and_nothing_is_lost(
    page: Page, tmp_path: Path, text: str, told: str
):
    grade(opened(page, of_kind(page, "recall")), "Good")
    page.goto("review/")
    asked(page)
    path = tmp_path / "wrong.json"
    path.write_text(text)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator("study-review .told")).to_contain_text(told)
    assert len(grades(page)) == 1


def test_a_hostile_file_runs_no_code(page: Page, tmp_path: Path):
    page.goto("review/")
    asked(page)
    evil = "<img src=x onerror='document.body.dataset.hit=1'>"
    events: list[dict[str, Any]] = [
        {"id": "0" * 16, "at": 1, "card": evil, "grade": 3},
        {"id": "1" * 16, "at": 2, "page": evil, "read": True},
        {"id": "2" * 16, "at": 3, "set": "interview", "value": evil},
        {"id": "3" * 16, "at": 4, "set": "fresh", "value": evil},
        {"id": "4" * 16, "at": 5, "set": "__proto__", "value": evil},
    ]
    path = tmp_path / "evil.json"
    path.write_text(json.dumps({"study-notes-progress": 1, "events": events}))
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator("study-review .told")).to_have_text(
        "Added 2 records. 3 records in the file could not be read and were left out."
    )
    for address in ("review/", "", deck(page)["cards"][0]["page"]):
        page.goto(address)
        page.wait_for_timeout(300)
        assert page.evaluate("document.body.dataset.hit") is None
        assert page.locator("img[src=x]").count() == 0
    page.goto("review/")
    assert asked(page)  # and the page still works


def test_what_another_tab_has_graded_is_asked_no_more(page: Page):
    page.goto("review/")
    name = asked(page)
    other = page.context.new_page()
    card = next(card for card in deck(page)["cards"] if card["id"] == name)
    grade(opened(other, card), "Easy")
    expect(page.locator(f".stage #card-{name}")).to_have_count(0)
    assert asked(page) not in (None, name)
    expect(page.locator("study-review .counts")).to_contain_text("1 answered today")


def test_leaving_and_coming_back_without_a_reload(page: Page, quiet: None):
    page.goto("review/")
    name = asked(page)
    page.evaluate("window.sameDocument = true")
    page.locator("a.md-header__button.md-logo").click()
    expect(page.locator("study-progress")).to_contain_text("pages read")
    page.locator("article").get_by_role("link", name="review").first.click()
    assert asked(page) == name
    assert page.evaluate("window.sameDocument")


def test_an_export_is_suggested_where_the_browser_may_forget(page: Page):
    page.clock.install(time=MONDAY)
    page.goto("review/")
    asked(page)
    remind = page.locator("study-review .remind")
    expect(remind).to_be_empty()
    for _ in range(20):
        answer(page, "Again") if asked(page) else None
        page.clock.run_for(61_000)
        page.reload()
    kept = page.evaluate("navigator.storage.persisted()")
    if not kept:
        expect(remind).to_contain_text("since the last export")
    with page.expect_download():
        page.get_by_role("button", name="Export").click()
    expect(remind).to_be_empty()
