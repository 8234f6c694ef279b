"""Moving a knob changes drawing, words, numbers and formulas, to what Python made."""

import re
from collections.abc import Iterator

import pytest
from browser.shown import Shown, corners, declared, default
from playwright.sync_api import Browser, Page, Route, expect

ALL = pytest.mark.parametrize(("page_of", "name"), declared())
SLIDERS = ("training/sigmoid-derivatives/", "sigmoid_derivatives.figure")
CHOICES = ("gradients/vanishing-and-exploding/", "gradient_norms.figure")
DRAWINGS = "**/assets/figures/*.json"


def shown(page: Page, page_of: str, name: str) -> Shown:
    page.goto(page_of)
    return Shown(page, name)


def ends(figure: Shown) -> tuple[int, ...]:
    return tuple(len(knob.values) - 1 for knob in figure.knobs)


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site,
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
    )
    yield context.new_page()
    context.close()


@ALL
def test_keys_bring_what_python_made_and_the_caption_stays_put(
    page: Page, quiet: None, page_of: str, name: str
):
    figure = shown(page, page_of, name)
    figure.expect(default(name))
    caption = figure.element.locator("xpath=../..").locator("figcaption")
    places = set()
    for stops in corners(name):
        figure.turn(stops)
        figure.expect(stops)
        top, words = figure.element.bounding_box(), caption.bounding_box()
        assert top and words
        # A caption may take another line; where it starts must not change.
        places.add((top["height"], words["y"] - top["y"]))
    assert len(places) == 1, places


def test_the_figures_above_move_every_kind_of_thing(page: Page):
    kinds = {"input[type=range]", "input[type=radio]", "[data-alt]"}
    kinds |= {"figcaption span.quote"}
    kinds |= {"[data-math=html]", "[data-math=mathml]"}
    for page_of in dict(declared()):
        page.goto(page_of)
        kinds -= {kind for kind in kinds if page.locator(kind).count()}
    assert not kinds


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"])
def test_an_arrow_key_moves_a_slider_by_one_stop(page: Page, quiet: None, key: str):
    figure = shown(page, *SLIDERS)
    first, *others = default(figure.name)
    figure.slider(figure.knobs[0]).press(key)
    step = 1 if key in ("ArrowRight", "ArrowUp") else -1
    figure.expect((first + step, *others))


def test_the_mouse_moves_sliders_and_choices(page: Page, quiet: None):
    figure = shown(page, *CHOICES)
    choice, slider = figure.knobs
    stops = ends(figure)
    figure.choice(choice, stops[0]).locator("xpath=..").click()
    figure.expect((stops[0], default(figure.name)[1]))
    box = figure.slider(slider).bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 50, middle, steps=4)
    figure.expect(stops)
    page.mouse.move(box["x"] - 50, middle, steps=4)
    figure.expect((stops[0], 0))
    page.mouse.up()


def test_a_finger_moves_sliders_and_choices(phone: Page):
    figure = shown(phone, *CHOICES)
    choice, slider = figure.knobs
    stops = ends(figure)
    figure.choice(choice, stops[0]).locator("xpath=..").tap()
    box = figure.slider(slider).bounding_box()
    assert box
    middle = box["height"] / 2
    figure.slider(slider).tap(position={"x": box["width"] - 4, "y": middle})
    figure.expect(stops)
    figure.slider(slider).tap(position={"x": 4, "y": middle})
    figure.expect((stops[0], 0))


@pytest.mark.parametrize(("page_of", "name"), [SLIDERS, CHOICES])
def test_a_finger_finds_every_control(phone: Page, page_of: str, name: str):
    figure = shown(phone, page_of, name)
    figure.turn(ends(figure))
    controls = figure.element.locator("input, button")
    boxes = [control.bounding_box() for control in controls.all()]
    assert len(boxes) >= 3
    assert all(box and min(box["height"], box["width"]) >= 44 for box in boxes)


def test_drawings_are_asked_for_at_the_first_touch_and_once(page: Page, quiet: None):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    figure = shown(page, *SLIDERS)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/assets/figures/" in url]
    with page.expect_request(DRAWINGS):
        figure.slider(figure.knobs[0]).focus()
    for stops in corners(figure.name)[1:]:
        figure.turn(stops)
        figure.expect(stops)
    assert len([url for url in asked if "/assets/figures/" in url]) == 1


@pytest.mark.parametrize(("page_of", "name"), [SLIDERS, CHOICES])
def test_reset_brings_back_what_was_published(
    page: Page, quiet: None, page_of: str, name: str
):
    figure = shown(page, page_of, name)
    expect(figure.reset).to_be_hidden()
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    figure.reset.click()
    figure.expect(default(name))
    expect(figure.reset).to_be_hidden()
    expect(figure.element.locator("input").first).to_be_focused()


@pytest.mark.parametrize(("page_of", "name"), [SLIDERS, CHOICES])
def test_a_reload_shows_what_was_published_and_knobs_that_work(
    page: Page, quiet: None, page_of: str, name: str
):
    figure = shown(page, page_of, name)
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    page.reload()
    figure.expect(default(name))
    figure.turn(ends(figure))
    figure.expect(ends(figure))


def test_instant_navigation_there_and_back_leaves_knobs_that_work(
    page: Page, quiet: None, site: str
):
    figure = shown(page, *SLIDERS)
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    page.evaluate("window.sameDocument = true")
    other = Shown(page, CHOICES[1])
    page.locator(f".md-nav--primary a[href$='{CHOICES[0].split('/')[1]}/']").click()
    page.wait_for_url(re.compile(re.escape(site + CHOICES[0]) + r"(#|$)"))
    other.expect(default(other.name))
    other.turn(ends(other))
    other.expect(ends(other))
    page.go_back()
    page.wait_for_url(re.compile(re.escape(site + SLIDERS[0]) + r"(#|$)"))
    figure.expect(default(figure.name))
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    assert page.evaluate("window.sameDocument")


def test_drawings_still_being_made_are_waited_for(page: Page):
    answers = iter([404, 404])

    def not_yet(route: Route) -> None:
        status = next(answers, 200)
        if status == 200:
            route.continue_()
        else:
            route.fulfill(status=status)

    page.clock.install()
    page.route(DRAWINGS, not_yet)
    figure = shown(page, *SLIDERS)
    with page.expect_response(DRAWINGS):
        figure.slider(figure.knobs[0]).press("End")
    expect(figure.status).to_contain_text("still being made")
    with page.expect_response(DRAWINGS):
        page.clock.run_for(1000)
    figure.slider(figure.knobs[1]).press("End")  # the reader moves on meanwhile
    expect(figure.status).to_contain_text("still being made")
    page.clock.run_for(2000)
    figure.expect(ends(figure))
    expect(figure.status).to_be_empty()


SHAPE = {"counts": [13, 3], "lines": "<svg></svg>"}
WRONG = {
    "no connection": None,
    "a server's error": {"status": 500},
    "no JSON": {"body": "<!doctype html>"},
    "other knobs": {"json": {"counts": [13], "lines": "", "drawings": []}},
    "too few drawings": {"json": {**SHAPE, "drawings": [[0, 1]]}},
    "no drawings": {"json": {**SHAPE, "drawings": [[]] * 39}},
    "no numbers": {"json": {**SHAPE, "drawings": [[0, 1]] * 39}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_failed_fetch_is_told_and_the_next_touch_tries_again(page: Page, wrong: str):
    answer, logged = WRONG[wrong], []

    def fail(route: Route) -> None:
        if answer is None:
            route.abort()
        else:
            route.fulfill(**answer)

    page.on("console", lambda message: logged.append(message.text))
    page.route(DRAWINGS, fail)
    figure = shown(page, *SLIDERS)
    published = figure.drawing.inner_html()
    figure.slider(figure.knobs[0]).press("End")
    expect(figure.status).to_contain_text("could not be loaded")
    assert figure.drawing.inner_html() == published
    assert any(f"study-figure {figure.name}:" in text for text in logged)
    page.unroute(DRAWINGS)
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    expect(figure.status).to_be_empty()
