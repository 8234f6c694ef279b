"""Cards on their pages: tried, checked, graded, and what was graded is kept."""

import json
import re
from pathlib import Path

import pytest
from browser.conftest import with_settings
from browser.shown import PAGES
from browser.studying import (
    PUT,
    deck,
    first,
    grade,
    grades,
    log,
    of_kind,
    opened,
    two_tabs,
)
from mounts import mounted
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Error,
    Page,
    expect,
)

import chromium

KINDS = ["recall", "numeric", "predict", "choice"]
QUESTIONS = [name for name in PAGES if name.count("/") == 2]

REFUSED = """() => {
  try { localStorage.length; return false; } catch { return true; }
}"""


@pytest.mark.parametrize("page_of", QUESTIONS)
def test_without_script_every_card_folds_out_and_shows_no_dead_control(
    plain: Page, page_of: str
):
    plain.goto(page_of)
    cards = plain.locator("study-card")
    assert cards.count() >= 5
    expect(cards.locator(".question:visible")).to_have_count(cards.count())
    expect(cards.locator("summary:visible")).to_have_count(cards.count())
    expect(cards.locator("details > div:visible")).to_have_count(0)
    for i in (0, -1):
        card = cards.nth(i)
        card.locator("summary").click()
        expect(card.locator("details > div")).to_be_visible()
    expect(cards.locator("button, input")).to_have_count(0)
    expect(plain.locator("study-quiz button, study-read button")).to_have_count(0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_site_has_cards_of_each_kind(page: Page, kind: str):
    assert of_kind(page, kind)


def test_a_recall_card_is_graded_once_its_answer_was_shown(page: Page, quiet: None):
    name = of_kind(page, "recall")["id"]
    card = opened(page, of_kind(page, "recall"))
    buttons = card.locator(".grades button")
    expect(buttons.first).to_be_hidden()
    card.locator("summary").click()
    # What each grade leads to, by the scheduler.
    expect(buttons).to_have_text(["Again1 min", "Hard6 min", "Good10 min", "Easy8 d"])
    card.get_by_role("button", name="Good").click()
    expect(card.locator(".verdict")).to_have_text("Noted: good. Undo")
    expect(buttons.first).to_be_hidden()
    assert grades(page) == [(name, 3)]


def test_a_grade_is_taken_back(page: Page, quiet: None):
    card = opened(page, of_kind(page, "recall"))
    grade(card, "Easy")
    card.get_by_role("button", name="Undo").click()
    expect(card.locator(".verdict")).to_have_text("Taken back.")
    graded, undone = log(page)
    assert undone["undo"] == graded["id"]
    card.get_by_role("button", name="Hard").click()
    expect(card.locator(".verdict")).to_contain_text("Noted: hard.")


def test_a_number_is_held_against_what_python_computed(page: Page, quiet: None):
    found = of_kind(page, "numeric")
    value = float(re.findall(r'\bvalue="([^"]*)"', found["html"])[0])
    card = opened(page, found)
    verdict, given = card.locator(".verdict"), card.get_by_label("Your answer")
    check = card.get_by_role("button", name="Check")
    check.click()
    expect(verdict).to_have_text("Write an answer first.")
    given.fill("a lot")
    given.press("Enter")
    expect(verdict).to_contain_text("“a lot” is not a number")
    expect(card.locator("details > div")).to_be_hidden()
    given.fill(str(value * 3 + 9))
    check.click()
    expect(verdict).to_have_text("Not so. The answer says why.")
    expect(card.get_by_role("button", name="Again")).to_be_focused()
    given.fill(repr(value))
    given.press("Enter")
    expect(verdict).to_have_text("Right.")
    expect(card.get_by_role("button", name="Good")).to_be_focused()
    expect(card.locator(".value")).to_be_visible()


def test_each_asking_of_a_varied_card_has_other_numbers_and_their_answer(
    page: Page, quiet: None
):
    found = first(page, lambda card: len(card.get("instances", ())) > 3)
    card = opened(page, found)
    asked = set()
    for _ in range(6):
        card.evaluate("card => card.vary()")
        texts = {
            key: card.locator(f'.varied[data-quote="{key}"]').first.text_content()
            for key in found["instances"][0]["texts"]
        }
        instance = next(each for each in found["instances"] if each["texts"] == texts)
        asked.add(json.dumps(texts))
        card.get_by_label("Your answer").fill(repr(instance["value"]))
        card.get_by_role("button", name="Check").click()
        expect(card.locator(".verdict")).to_have_text("Right.")
    assert len(asked) > 1
    before = card.locator(".question").inner_text()
    for _ in range(20):
        card.get_by_role("button", name="Other numbers").click()
        expect(card.locator(".verdict")).to_be_empty()
        if card.locator(".question").inner_text() != before:
            return
    pytest.fail("the numbers stay the same")


def test_what_code_prints_is_to_be_predicted(page: Page, quiet: None):
    found = of_kind(page, "predict")
    card = opened(page, found)
    printed = card.get_attribute("prints")
    assert printed
    assert printed not in card.locator(".question .highlight").inner_text().split("\n")
    for given, told in (("no such thing", "Not so."), (printed, "Right.")):
        card.get_by_label("Your answer").fill(given.replace("\n", " "))
        card.get_by_role("button", name="Check").click()
        expect(card.locator(".verdict")).to_contain_text(told)


def test_one_of_a_few_is_right(page: Page, quiet: None):
    found = of_kind(page, "choice")
    right = re.search(r"<li data-right[^>]*>(.*?)</li>", found["html"], re.DOTALL)
    assert right
    card = opened(page, found)
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".verdict")).to_have_text("Choose one first.")
    for value, told in (("wrong", "Not so."), ("right", "Right.")):
        card.locator(f'input[value^="{value}"]').first.check()
        card.get_by_role("button", name="Check").click()
        expect(card.locator(".verdict")).to_contain_text(told)


def test_the_answers_hide_until_tried_on_every_page(page: Page, quiet: None):
    page_of, other = QUESTIONS[:2]
    page.goto(page_of)
    answers = page.locator(".answer")
    expect(answers.first).to_be_visible()
    page.get_by_role("switch", name="Quiz me").click()
    for i in range(answers.count()):
        expect(answers.nth(i)).to_be_hidden()
    page.locator(".reveal").first.click()
    expect(answers.first).to_be_visible()
    expect(answers.first).to_be_focused()
    expect(answers.nth(1)).to_be_hidden()
    # Remembered, by a fresh page as well as by instant navigation.
    page.goto(other)
    expect(page.locator(".answer").first).to_be_hidden()
    last = page_of.split("/")[1]
    page.locator(f'.md-nav--primary a[href$="/{last}/"]').click()
    expect(page).to_have_url(re.compile(f"{page_of}$"))
    expect(page.get_by_role("switch", name="Quiz me")).to_have_count(1)
    expect(page.locator(".answer").last).to_be_hidden()
    page.get_by_role("switch", name="Quiz me").click()
    expect(page.locator(".answer").last).to_be_visible()
    expect(page.locator(".reveal")).to_have_count(0)


def test_a_link_into_a_hidden_answer_shows_it(page: Page, quiet: None):
    card = of_kind(page, "recall")
    page.goto(card["page"])
    page.get_by_role("switch", name="Quiz me").click()
    expect(page.locator(f"#card-{card['id']}")).to_be_hidden()
    page.evaluate("id => { location.hash = id; }", f"card-{card['id']}")
    expect(page.locator(f"#card-{card['id']}")).to_be_visible()
    page.reload()
    expect(page.locator(f"#card-{card['id']}")).to_be_visible()
    assert page.locator(".answer:visible").count() == 1


def test_the_home_page_shows_what_is_read_and_begun(page: Page, quiet: None):
    card = of_kind(page, "recall")
    grade(opened(page, card), "Good")
    page.get_by_role("button", name="Mark this page as read").click()
    expect(page.locator("study-read button")).to_contain_text("Read on")
    page.goto("")
    expect(page.locator("study-progress")).to_contain_text("1 of")
    expect(page.locator(f'a.page[href$="{card["page"]}"]')).to_have_attribute(
        "data-state", "read"
    )
    question = page.locator(f'a.question[href$="{card["page"]}#{card["question"]}"]')
    expect(question).to_have_attribute("data-state", "begun")
    page.goto(card["page"])
    page.get_by_role("button", name="Read on").click()
    expect(page.locator("study-read button")).to_have_text("Mark this page as read")
    page.goto("")
    expect(page.locator("study-progress")).to_contain_text("0 of")


def test_the_home_page_lists_every_question_of_every_page(page: Page):
    page.goto("")
    found = page.locator("a.question").evaluate_all("all => all.map(a => a.hash)")
    asked = [
        f"#{name}"
        for path in PAGES.values()
        for name in re.findall(r"^## .*\? \{#(.*)\}$", path.read_text("utf-8"), re.M)
    ]
    assert sorted(found) == sorted(asked)


def test_two_tabs_grade_at_once_and_neither_loses(context: BrowserContext):
    pages = {card["page"] for card in deck(context.new_page())["cards"]}
    card = of_kind(context.pages[0], "recall")
    assert pages
    one, other = two_tabs(context, card)
    for tab in (one, other):
        tab.locator(f"#card-{card['id']} summary").click()
    # Both clicks are on their way before either is answered.
    for tab in (one, other):
        good = tab.locator(f"#card-{card['id']} .grades button").nth(2)
        good.evaluate("button => button.click()")
    for tab in (one, other):
        expect(tab.locator(f"#card-{card['id']} .verdict")).to_contain_text("Noted")
    assert grades(one) == [(card["id"], 3)] * 2 == grades(other)
    assert len({each["id"] for each in log(one)}) == 2


def test_a_reload_right_after_a_grade_keeps_it_or_leaves_it_whole(page: Page):
    card = of_kind(page, "recall")
    for _ in range(3):
        before = len(grades(page)) if page.url != "about:blank" else 0
        found = opened(page, card)
        found.locator("summary").click()
        with page.expect_event("load"):
            found.locator(".grades button").nth(2).evaluate(
                "button => { button.click(); setTimeout(() => location.reload()); }"
            )
        after = grades(page)
        assert len(after) - before in (0, 1)
        assert all(each == (card["id"], 3) for each in after)


def test_a_grade_that_was_noted_survives_the_death_of_the_browser(
    browser_type: BrowserType, site: str, tmp_path: Path
):
    def start() -> BrowserContext:
        return browser_type.launch_persistent_context(
            tmp_path,
            executable_path=chromium.find(),
            args=list(chromium.ARGUMENTS),
            base_url=site,
            service_workers="block",
        )

    context = start()
    page = context.pages[0]
    card = of_kind(page, "recall")
    grade(opened(page, card), "Good")
    with pytest.raises(Error):
        context.new_cdp_session(page).send("Browser.crash")
    context = start()
    context.pages[0].goto(card["page"])
    assert grades(context.pages[0]) == [(card["id"], 3)]
    context.close()


def test_a_full_disk_is_told_and_what_was_recorded_stays(
    browser_type: BrowserType, site: str, tmp_path: Path
):
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, 'mount -t tmpfs -o size=80m none "$FOLDER"') as (enter, seen):
        start = tmp_path / "chromium"
        command = " ".join([*enter, str(chromium.find())])
        start.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        start.chmod(0o755)
        context = browser_type.launch_persistent_context(
            disk,
            executable_path=start,
            args=list(chromium.ARGUMENTS),
            base_url=site,
            service_workers="block",
        )
        page = context.pages[0]
        card = of_kind(page, "recall")
        found = opened(page, card)
        grade(found, "Good")
        filler = seen / "filler"
        with filler.open("wb", buffering=0) as file:
            with pytest.raises(OSError, match="No space left"):
                while True:
                    file.write(bytes(4096))
        told = found.locator(".verdict")
        given = [3]
        for _ in range(40):  # until what the browser has in hand is used up
            found.locator(".undo").click()
            expect(told).to_have_text("Taken back.")
            found.get_by_role("button", name="Hard").click()
            given.append(2)
            expect(told).to_contain_text("Undo")
            if "keeps no progress now" in told.inner_text():
                break
        expect(told).to_contain_text("keeps no progress now")
        # Room again: with the next grade all of it is written.
        filler.unlink()
        found.locator(".undo").click()
        expect(told).to_have_text("Taken back.")
        found.get_by_role("button", name="Easy").click()
        expect(told).to_contain_text("Noted: easy.")
        assert grades(page) == [(card["id"], each) for each in [*given, 4]]
        context.close()


def test_refused_storage_is_told_and_the_cards_still_work(
    browser_type: BrowserType, site: str, tmp_path: Path
):
    # Sites may keep nothing.
    setting = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    with with_settings(browser_type, tmp_path, setting, site) as context:
        page = context.pages[0]
        card = of_kind(page, "recall")
        found = opened(page, card)
        assert page.evaluate(REFUSED)
        found.locator("summary").click()
        found.get_by_role("button", name="Good").click()
        expect(found.locator(".verdict")).to_contain_text("it refuses storage")
        page.get_by_role("switch", name="Quiz me").click()
        expect(page.locator(".answer").first).to_be_hidden()
        # Within this visit the grade counts.
        page.locator("a.md-header__button.md-logo").click()
        expect(page.locator("study-progress")).to_contain_text("questions mastered")
        expect(page.locator("a.question[data-state=begun]")).to_have_count(1)


@pytest.mark.parametrize(
    "record",
    [
        {"id": "not hex", "at": 1, "card": "a-b", "grade": 3},
        {"id": "0" * 16, "at": "yesterday"},
        {"id": "0" * 16, "at": 1, "card": ["x"], "grade": 3},
        {"id": "0" * 16, "at": 1, "card": "<img src=x onerror=alert(1)>", "grade": 9},
    ],
)
def test_a_damaged_record_is_told_and_the_others_count(page: Page, quiet: None, record):
    card = of_kind(page, "recall")
    grade(opened(page, card), "Good")
    page.evaluate(PUT, record)
    page.goto("review/")
    told = page.locator("study-review .trouble")
    expect(told).to_have_text("1 stored record cannot be read; the others are in use.")
    expect(page.locator("study-review .statistics")).to_contain_text("1 of")
    assert len(log(page)) == 2  # nothing was thrown away


def test_no_card_is_asked_of_the_network_but_the_site(browser: Browser, site: str):
    context = browser.new_context(base_url=site)
    asked: list[str] = []
    context.on(
        "request", lambda request: asked.append(f"{request.method} {request.url}")
    )
    page = context.new_page()
    grade(opened(page, of_kind(page, "recall")), "Good")
    page.goto("review/")
    expect(page.locator("study-review study-card")).to_be_visible()
    assert all(
        each.startswith((f"GET {site}", "GET data:", "GET blob:")) for each in asked
    )
    context.close()
