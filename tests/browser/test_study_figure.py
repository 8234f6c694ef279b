"""Moving a knob changes drawing, words, numbers and formulas, to what Python made."""

import io
import re
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any, Literal
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from browser.shown import Shown, corners, default, stop, with_figures
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    expect,
)

ALL = pytest.mark.parametrize(("page_of", "names"), with_figures())
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
        service_workers="block",
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
    )
    yield context.new_page()
    context.close()


@ALL
def test_keys_bring_what_python_made_and_captions_stay_put(
    page: Page, quiet: None, page_of: str, names: list[str]
):
    page.goto(page_of)
    for name in names:
        figure = Shown(page, name)
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
        assert len(places) == 1, (name, places)


def test_the_figures_above_move_every_kind_of_thing(plain: Page):
    kinds = {"input[type=range]", "input[type=radio]", "[data-alt]"}
    kinds |= {"figcaption span.quote"}
    kinds |= {"[data-math=html]", "[data-math=mathml]"}
    for page_of, _ in with_figures():
        plain.goto(page_of)
        kinds -= {kind for kind in kinds if plain.locator(kind).count()}
    assert not kinds


def test_arrow_keys_move_a_slider_by_one_stop(page: Page, quiet: None):
    figure = shown(page, *SLIDERS)
    at, *others = default(figure.name)
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
        figure.slider(figure.knobs[0]).press(key)
        at += 1 if key in ("ArrowRight", "ArrowUp") else -1
        figure.expect((at, *others))


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


def test_a_finger_finds_every_control(phone: Page):
    figure = shown(phone, *CHOICES)
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


def test_reset_brings_back_what_was_published(page: Page, quiet: None):
    figure = shown(page, *CHOICES)
    expect(figure.reset).to_be_hidden()
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    figure.reset.click()
    figure.expect(default(figure.name))
    expect(figure.reset).to_be_hidden()
    expect(figure.element.locator("input").first).to_be_focused()


@pytest.mark.parametrize("way", ["reload", "back"])
def test_a_page_opened_again_is_as_its_address_says(page: Page, quiet: None, way: str):
    figure = shown(page, *CHOICES)
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    expect(page).to_have_url(re.compile(re.escape(asking(figure, ends(figure)))))
    if way == "reload":
        page.reload()
    else:
        page.goto("training/", wait_until="networkidle")
        page.go_back()
    figure.expect(ends(figure))
    figure.reset.click()
    figure.expect(default(figure.name))
    expect(page).to_have_url(re.compile(r"exploding/$"))
    if way == "reload":
        page.reload()
    else:  # browsers fill in again what stood in the inputs
        page.goto("training/", wait_until="networkidle")
        page.go_back()
    figure.expect(default(figure.name))
    expect(figure.reset).to_be_hidden()


def asking(figure: Shown, stops: tuple[int, ...]) -> str:
    """The query that stands for these stops."""
    name = figure.name.removesuffix(".figure")
    texts = [
        ("off", "on")[at] if knob.values == (False, True) else stop(knob, at)
        for knob, at in zip(figure.knobs, stops, strict=True)
    ]
    return "?" + urlencode(
        {
            f"{name}.{knob.name}": text.replace("−", "-")
            for knob, text, at, first in zip(
                figure.knobs, texts, stops, default(figure.name), strict=True
            )
            if at != first
        }
    )


@ALL
def test_an_address_shows_figures_as_its_writer_saw_them(
    page: Page, quiet: None, page_of: str, names: list[str]
):
    figures = [Shown(page, name) for name in names]
    for which in (1, -1):
        moved = [(figure, corners(figure.name)[which]) for figure in figures]
        page.goto(page_of + "?" + "&".join(asking(*each)[1:] for each in moved))
        for figure, stops in moved:
            figure.expect(stops)


def test_back_on_the_same_page_takes_the_knobs_back(page: Page, quiet: None):
    figure = shown(page, *SLIDERS)
    figure.slider(figure.knobs[0]).press("End")
    first = (ends(figure)[0], *default(figure.name)[1:])
    expect(page).to_have_url(re.compile(re.escape(asking(figure, first))))
    page.locator("#saturation .headerlink").click()
    # The link was made when the page was loaded; the knobs stay, and so the address.
    expect(page).to_have_url(re.compile(re.escape(asking(figure, first) + "#satur")))
    figure.turn(ends(figure))
    expect(page).to_have_url(re.compile(re.escape(asking(figure, ends(figure)))))
    page.go_back()
    figure.expect(first)
    expect(figure.reset).to_be_visible()
    page.go_forward()
    figure.expect(ends(figure))


QUICKER = """figure => {
  document.querySelector("#saturation .headerlink").click();
  for (const slider of figure.querySelectorAll("input[type=range]")) {
    slider.value = slider.max;
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}"""


def test_a_jump_within_the_page_leaves_knobs_that_move_meanwhile(
    page: Page, quiet: None
):
    figure = shown(page, *SLIDERS)
    figure.element.evaluate(QUICKER)  # than a page could be fetched
    expect(page).to_have_url(re.compile("#saturation$"))
    figure.expect(ends(figure))
    expect(page).to_have_url(re.compile(re.escape(asking(figure, ends(figure)))))


HOSTILE = [
    "?sigmoid_derivatives.x0=<img src=x onerror=document.title='hit'>",
    "?sigmoid_derivatives.x0=99999999999999999999&sigmoid_derivatives.input_std=-1",
    "?sigmoid_derivatives.x0=1%27%22%3E%3Cscript%3Edocument.title='hit'%3C/script%3E",
    "?%3Csvg/onload=document.title='hit'%3E=1&__proto__[x0]=1&constructor=1",
    "?sigmoid_derivatives.x0=%E0%A4%A&sigmoid_derivatives.x0=javascript:alert(1)",
    f"?sigmoid_derivatives.x0={'9' * 5000}",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_an_address_of_other_values_changes_nothing(
    page: Page, quiet: None, query: str
):
    page.on("dialog", lambda _: pytest.fail("a dialog opened"))
    figure = Shown(page, SLIDERS[1])
    page.goto(SLIDERS[0] + query)
    expect(figure.reset).to_be_hidden()
    figure.expect(default(figure.name))
    assert page.title().startswith("The sigmoid")
    assert page.locator("img[src=x]").count() == 0
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    expect(page).to_have_url(re.compile("sigmoid_derivatives.x0=6(&|$)"))


def test_instant_navigation_there_and_back_leaves_knobs_that_work(
    page: Page, quiet: None, site: str
):
    figure = shown(page, *SLIDERS)
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    expect(page).to_have_url(site + SLIDERS[0] + asking(figure, ends(figure)))
    page.evaluate("window.sameDocument = true")
    other = Shown(page, CHOICES[1])
    page.locator(f".md-nav--primary a[href$='{CHOICES[0].split('/')[1]}/']").click()
    page.wait_for_url(site + CHOICES[0])
    other.expect(default(other.name))
    other.turn(ends(other))
    other.expect(ends(other))
    page.go_back()
    figure.expect(ends(figure))
    assert page.url.startswith(site + SLIDERS[0])
    figure.reset.click()
    figure.expect(default(figure.name))
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


Answer = dict[str, Any] | None
SHAPE = {"counts": [13, 3], "lines": "<svg></svg>"}
WRONG: list[Answer] = [
    None,  # no connection
    {"status": 500},
    {"body": "<!doctype html>"},
    {"json": {"counts": [13], "lines": "", "drawings": [[]] * 13}},  # of other knobs
    {"json": {**SHAPE, "drawings": [[0, 1]]}},  # too few
    {"json": {**SHAPE, "drawings": [[]] * 39}},  # of no lines
    {"json": {**SHAPE, "drawings": [[0, 1]] * 39}},  # without numbers
]


def answering(answer: Answer) -> Callable[[Route], None]:
    return lambda route: route.fulfill(**answer) if answer else route.abort()


def test_a_failed_fetch_is_told_and_each_touch_tries_again(page: Page):
    figure = shown(page, *SLIDERS)
    slider = figure.slider(figure.knobs[0])
    published = figure.drawing.inner_html()

    def logged(message: ConsoleMessage) -> bool:
        return f"study-figure {figure.name}:" in message.text

    for key, answer in zip(cycle(["End", "Home"]), WRONG, strict=False):
        page.route(DRAWINGS, answering(answer))
        with page.expect_console_message(logged):
            slider.press(key)
        expect(figure.status).to_contain_text("could not be loaded")
        assert figure.drawing.inner_html() == published
        page.unroute(DRAWINGS)
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    expect(figure.status).to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_drawing_is_taken_along_as_it_stands_on_white(
    page: Page, quiet: None, scheme: Literal["light", "dark"]
):
    page.emulate_media(color_scheme=scheme)
    figure = shown(page, *SLIDERS)
    figure.turn(ends(figure))
    figure.expect(ends(figure))
    with page.expect_download() as taken:
        figure.element.get_by_role("button", name="Download SVG").click()
    assert taken.value.suggested_filename == "sigmoid_derivatives-x0-6-input_std-4.svg"
    text = taken.value.path().read_text("utf-8")
    tree = ElementTree.fromstring(text)  # well-formed on its own
    assert tree[0].tag.endswith("title")
    assert tree[0].text == figure.drawing.get_attribute("aria-label")
    assert "var(" not in text and "currentColor" not in text
    assert "#025ac8" in text  # the light palette's first colour
    # As a picture of its own it has the drawing's shape and white corners.
    page.route(
        "**/alone.svg",
        lambda route: route.fulfill(content_type="image/svg+xml", body=text),
    )
    page.goto("alone.svg")
    box = tree.get("viewBox", "").split()
    assert tree.get("width") == f"{box[2]}pt" and tree.get("height") == f"{box[3]}pt"
    picture = Image.open(io.BytesIO(page.screenshot()))
    assert picture.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_a_link_leads_others_to_what_one_sees(
    page: Page, quiet: None, context: BrowserContext, site: str
):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    figure = shown(page, *SLIDERS)
    figure.turn(ends(figure))
    figure.expect(ends(figure))  # what it shows has its own word in the status
    figure.element.get_by_role("button", name="Copy link").click()
    expect(figure.status).to_have_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{site}{SLIDERS[0]}{asking(figure, ends(figure))}#largest-slope"
    page.goto("training/", wait_until="networkidle")
    page.goto(link)
    figure.expect(ends(figure))


def test_where_the_clipboard_is_refused_the_link_is_told(page: Page, site: str):
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))"
    )
    figure = shown(page, *SLIDERS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    figure.element.get_by_role("button", name="Copy link").click()
    expect(figure.status).to_have_text(f"The link is {site}{SLIDERS[0]}#largest-slope")
    page.wait_for_load_state("networkidle")
    # Drawings that come would take the link away.
    assert not [url for url in asked if "/assets/figures/" in url]
