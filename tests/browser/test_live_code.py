"""A snippet runs, can be edited, checked and stopped where it is read."""

import re
from collections.abc import Iterator

import pytest
from browser.live import LONG, Code, Reader, reading, text
from browser.shown import PAGES
from playwright.sync_api import Browser, Locator, Page, expect

PAGE, SNIPPET = "training/sigmoid-derivatives/", "sigmoid_derivatives"
OTHER = "evaluation/roc-and-auc/"
HALVED = ("    return s * (1 - s)", "    return s * (1 - s) / 2")
ENDLESS = "\nprint('begun', flush=True)\nwhile True:\n    pass\n"
MATMUL = """
print('begun', flush=True)
import numpy as np
np.ones((6000, 6000)) @ np.ones((6000, 6000))
"""
# What a page shows that its code can change, as it stands in the page.
SHOWN = """() => [...document.querySelectorAll(
  '.quote, .pinned, .drawing, .knobs, .highlight')].map(each => each.outerHTML)"""
LISTEN = """status => {
  window.said = [];
  new MutationObserver(() => window.said.push(status.textContent))
    .observe(status, {childList: true});
}"""
STOP = """element => new Promise(resolve => {
  const status = element.querySelector(':scope > [role=status]');
  const begun = performance.now();
  new MutationObserver(() =>
    status.textContent === 'Stopped.' && resolve(performance.now() - begun)
  ).observe(status, {childList: true});
  [...element.querySelectorAll('button')]
    .find(button => button.textContent === 'Stop').click();
})"""

# The stops of its first knob at which a figure is asked of Python.
ASKED = """figure => {
  window.asked = [];
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message) {
    const { do: what, figure: of, stops } = JSON.parse(message.request ?? '{}');
    if (what === 'draw' && of === figure) asked.push(stops[0]);
    postMessage.call(this, message);
  };
}"""


@pytest.fixture(scope="module")
def shared(browser: Browser, site: str) -> Iterator[Reader]:
    with reading(browser, site, PAGE) as reader:
        yield reader


@pytest.fixture
def reader(shared: Reader) -> Iterator[Reader]:
    """On a page of sigmoid_derivatives, as published."""
    with shared.quiet():
        shared.visit(PAGE)
        yield shared


@pytest.fixture
def code(reader: Reader) -> Code:
    return reader.block(SNIPPET)


def edited(before: str, after: str) -> str:
    published = text(SNIPPET)
    assert published.count(before) == 1
    return published.replace(before, after)


def test_python_is_asked_for_at_the_first_run_and_only_then(page: Page, quiet: None):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAGE, wait_until="networkidle")
    parts = ("/live/", "/snippets/", "editor.js", "live-worker.js")
    assert asked and not [url for url in asked if any(p in url for p in parts)]
    code = Code(page.locator("live-code").first)
    code.status.evaluate(LISTEN)
    asked.clear()
    code.run()
    said = page.evaluate("window.said")
    assert re.search("Loading Python … 100 %", " ".join(said))
    assert said[-2:] == ["Running …", "Done."]
    assert len([url for url in asked if url.endswith(".wasm")]) == 1
    assert len(asked) == len(set(asked))
    asked.clear()
    code.run()
    assert not asked


def test_a_run_shows_each_figure_with_its_facts(code: Code):
    code.run()
    expect(code.output.locator("figure svg")).to_have_count(2)
    code.output.get_by_text(f"What {SNIPPET}.depth_bound reports").click()
    row = code.output.locator("dl div", has_text="per_layer")
    expect(row.locator("dd")).to_have_text(re.compile(r"^1\.\d+$"))
    expect(code.printed).to_be_hidden()


def test_a_run_shows_what_is_printed_and_a_last_value(code: Code):
    code.write(text(SNIPPET) + "\nprint('σ', end='')\nprint('!')\nslope(0.0)\n")
    code.run()
    expect(code.printed).to_have_text("σ!\n")
    expect(code.output.locator(".value")).to_have_text("np.float64(0.25)")


def test_another_page_and_back_do_not_start_python_again(reader: Reader):
    reader.block(SNIPPET).run()
    reader.watched.asked.clear()
    reader.page.evaluate("window.sameDocument = true")
    reader.visit(OTHER)
    code = reader.block("roc_auc")
    code.run()
    expect(code.output.locator("figure svg")).to_have_count(2)
    reader.page.go_back()
    reader.page.wait_for_url(reader.site + PAGE)
    reader.block(SNIPPET).run()
    assert reader.page.evaluate("window.sameDocument")
    assert not reader.count("/live/")


def test_the_editor_shows_the_whole_file_with_the_section_in_view(code: Code):
    code.edit()
    first = code.element.locator(".cm-line.section").first
    expect(first).to_have_text("def sigmoid(x: float | np.ndarray) -> np.ndarray:")
    expect(first).to_be_in_viewport()
    assert code.written() == text(SNIPPET)
    expect(code.element.locator(".highlight")).to_be_hidden()
    code.button("Close").click()
    expect(code.element.locator(".highlight")).to_be_visible()
    expect(code.button("Reset")).to_be_hidden()


def test_figure_and_numbers_follow_an_edit_and_reset_brings_all_back(
    reader: Reader, code: Code
):
    page = reader.page
    page.reload()  # nothing has run
    built = page.evaluate(SHOWN)
    code.write(edited(*HALVED))
    expect(code.element).to_have_attribute("own", "")
    code.run()
    figure = page.locator(f'study-figure[name="{SNIPPET}.figure"]')
    expect(figure).to_have_attribute("own", "")
    expect(figure.get_by_role("status")).to_contain_text("your edited code")
    expect(figure.locator("svg text", has_text="tangent: slope 0.0525")).to_be_visible()
    key = f'[data-figure="{SNIPPET}.figure"][data-quote="slope_at:.4f"]'
    # Moved by knobs, and pinned to x₀ = 5.
    expect(page.locator(f".quote{key}")).to_have_text("0.0525")
    expect(page.locator(f".quote{key}")).to_contain_class("own")
    expect(page.locator(f".pinned{key}")).to_have_text("0.0033")
    expect(page.locator(f".pinned{key}")).to_contain_class("own")
    figure.get_by_role("slider").first.press("Home")
    expect(page.locator(f".quote{key}")).to_have_text("0.0012")
    for number in page.locator(".quote, .pinned").all():
        expect(number).to_contain_class("own")
    code.button("Reset").click()
    expect(page.locator(".own, [own]")).to_have_count(0)
    expect(figure.locator("svg text", has_text="slope 0.1050")).to_be_visible()
    assert page.evaluate(SHOWN) == built
    assert code.written() == text(SNIPPET)


def test_an_edit_is_kept_over_a_reload_until_reset(reader: Reader, code: Code):
    mine = edited(*HALVED)
    code.write(mine)
    reader.page.reload()
    expect(code.element).to_have_attribute("own", "")
    assert code.written() == mine
    code.button("Reset").click()
    reader.page.reload()
    expect(code.button("Run")).to_be_visible()
    expect(code.button("Reset")).to_be_hidden()
    assert code.written() == text(SNIPPET)


def test_all_blocks_of_a_snippet_share_its_edit(reader: Reader, code: Code):
    other = reader.block(SNIPPET, 1)
    other.write(edited(*HALVED))
    expect(code.button("Reset")).to_be_visible()
    assert code.written() == edited(*HALVED)
    expect(other.editor).to_have_count(0)
    other.button("Reset").click()
    expect(code.editor).to_have_count(0)
    expect(code.button("Reset")).to_be_hidden()


def test_an_edit_of_what_a_figure_imports_marks_the_figure(reader: Reader):
    reader.visit("data/k-means/")
    page, helper = reader.page, reader.block("kmeans")
    figure = page.locator('study-figure[name="kmeans_starts.figure"]')
    published = text("kmeans")
    assert published.count("return points[rng.choice(") == 1
    helper.write(published.replace("return points[rng", "return 0 * points[rng"))
    reader.block("kmeans_starts").run()
    expect(figure).to_have_attribute("own", "")
    numbers = page.locator('.pinned[data-figure="kmeans_starts.figure"]')
    expect(numbers.first).to_contain_class("own")
    helper.button("Reset").click()
    expect(page.locator("article .own, article [own]")).to_have_count(0)


@pytest.mark.parametrize("work", [ENDLESS, MATMUL])
def test_stop_ends_python_and_c_code_within_a_second(code: Code, work: str):
    code.write(text(SNIPPET) + work)
    code.button("Run").click()
    expect(code.printed).to_have_text("begun\n", timeout=LONG)
    assert code.element.evaluate(STOP) < 1000
    expect(code.button("Stop")).to_be_hidden()
    code.button("Reset").click()
    code.run()
    expect(code.output.locator("figure svg")).to_have_count(2)


def test_a_figure_still_moves_after_a_stop(reader: Reader, code: Code):
    code.run()
    figure = reader.page.locator(f'study-figure[name="{SNIPPET}.figure"]')
    reader.block(SNIPPET, 1).write(text(SNIPPET) + ENDLESS)
    code.button("Run").click()
    expect(code.printed).to_have_text("begun\n", timeout=LONG)
    code.button("Stop").click()
    figure.get_by_role("slider").first.press("Home")
    expect(figure.locator("svg text", has_text="slope 0.0025")).to_be_visible()
    expect(figure.locator("> [role=status]")).to_be_empty()


def asked_are(page: Page, wanted: list[int]) -> None:
    for _ in range(100):
        page.wait_for_timeout(100)
        if (asked := page.evaluate("asked")) == wanted:
            break
    assert asked == wanted


def drawn_other_than(before: str, drawing: Locator) -> None:
    for _ in range(100):
        if drawing.inner_html() != before:
            return
        drawing.page.wait_for_timeout(100)
    pytest.fail("nothing was drawn")


def test_the_next_stop_of_a_moving_knob_is_drawn_ahead(reader: Reader, code: Code):
    page, name = reader.page, f"{SNIPPET}.figure"
    page.goto(PAGE)
    page.evaluate(ASKED, name)
    figure = page.locator(f'study-figure[name="{name}"]')
    slider, drawing = figure.get_by_role("slider").first, figure.locator(".drawing")
    start, last = (int(slider.evaluate(f"s => s.{of}")) for of in ("value", "max"))
    assert 1 < start < last - 3
    code.run()
    asked = [start]
    asked_are(page, asked)
    for key, more in (
        ("ArrowRight", [start + 1, start + 2]),
        ("ArrowRight", [start + 3]),  # its own had been drawn
        ("ArrowLeft", [start]),  # as had this one's, which was left before
        ("End", [last]),  # nothing comes after
    ):
        before = drawing.inner_html()
        slider.press(key)
        asked += more if more != [start] else []
        asked_are(page, asked)
        drawn_other_than(before, drawing)
    page.goto(PAGE)


def test_an_edit_forgets_what_was_drawn_before(reader: Reader, code: Code):
    code.run()
    figure = reader.page.locator(f'study-figure[name="{SNIPPET}.figure"][live]')
    slider = figure.get_by_role("slider").first
    slider.press("Home")
    expect(figure.locator("svg text", has_text="slope 0.0025")).to_be_visible()
    code.write(edited(*HALVED))
    code.run()
    slider.press("Home")
    expect(figure.locator("svg text", has_text="slope 0.0012")).to_be_visible()
    code.button("Reset").click()


def test_an_error_shows_the_readers_own_lines_and_marks_the_last(code: Code):
    wrong = "    top.plot(x, sigmoid(x), x0, s,"
    code.write(edited(wrong, f"    np.ones((2, 3)) @ np.ones(2)\n{wrong}"))
    code.button("Run").click()
    error = code.output.get_by_role("alert")
    expect(error).to_contain_text("ValueError", timeout=LONG)
    told = error.inner_text()
    assert re.findall('File "(.*?)", line', told) == [f"{SNIPPET}.py"]
    line = text(SNIPPET)[: text(SNIPPET).index(wrong)].count("\n") + 1
    assert f'"{SNIPPET}.py", line {line}, in figure' in told
    expect(code.element.locator(".cm-line.wrong")).to_have_text(
        "    np.ones((2, 3)) @ np.ones(2)"
    )
    code.write(text(SNIPPET) + "\ndef (:\n")
    expect(code.element.locator(".cm-line.wrong")).to_have_count(0)
    code.button("Run").click()
    expect(error).to_contain_text("SyntaxError", timeout=LONG)
    expect(code.element.locator(".cm-line.wrong")).to_have_text("def (:")


def test_a_figure_is_shown_while_the_next_one_is_drawn(code: Code):
    endless = "def endless(fig):\n    while True: pass\n"
    code.write(f"{text(SNIPPET)}\n\n{endless}")
    code.button("Run").click()
    expect(code.output.locator("svg")).not_to_have_count(0, timeout=LONG)
    expect(code.status).to_have_text("Running …")
    code.button("Stop").click()
    expect(code.status).to_have_text("Stopped.")
    expect(code.output.locator("svg")).not_to_have_count(0)


@pytest.mark.parametrize(
    "work", ["while True: print('x' * 99)", "print('x' * 3_000_000); 1 / 0"]
)
def test_what_is_printed_without_end_is_capped(code: Code, work: str):
    code.write(f"{text(SNIPPET)}\n{work}\n")
    code.button("Run").click()
    expect(code.printed).to_contain_text("more was printed", timeout=LONG)
    if code.button("Stop").is_visible():
        code.button("Stop").click()
        expect(code.status).to_have_text("Stopped.")
    assert 190_000 < len(code.printed.text_content() or "") < 201_000


def test_every_example_of_the_site_gives_what_it_prints(reader: Reader):
    ran = 0
    for page_of, path in PAGES.items():
        # What a card asks to predict is not run.
        asked = re.compile("^/// predict .*?^///$", re.MULTILINE | re.DOTALL)
        shown = asked.sub("", path.read_text("utf-8"))
        printed = len(re.findall("^ *>>> ", shown, re.MULTILINE))
        if not printed:
            continue
        reader.visit(page_of)
        blocks = reader.page.locator("live-code[examples]")
        found = [
            (item.get_attribute("class"), item.inner_text())
            for number in range(blocks.count())
            for item in reader.examples(number).check()
        ]
        assert len(found) == printed
        assert not [words for kind, words in found if kind != "same"]
        ran += printed
    assert ran > 50
    assert not reader.count(".wasm")


def test_an_example_that_an_edit_changes_shows_both_results(reader: Reader, code: Code):
    code.write(edited(*HALVED))
    rows = reader.examples().check()
    expect(reader.examples().output.locator("p")).to_contain_text("2 of 4 as printed")
    assert [row.get_attribute("class") for row in rows] == [
        "same", "other", "same", "other",
    ]  # fmt: skip
    assert rows[1].inner_text().split() == [
        "float(slope(0.0))",
        "0.25",
        "here:",
        "0.125",
    ]


def test_the_keyboard_alone_edits_runs_and_stops(reader: Reader, code: Code):
    page = reader.page
    code.button("Run").focus()
    page.keyboard.press("Tab")
    expect(code.button("Edit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(code.editor).to_be_focused()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("if True:\nx = 42")  # the line break indents
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("x += 1")
    expect(code.editor).to_be_focused()
    assert code.written().endswith("\nif True:\n    x = 42\n        x += 1")
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.type("\n")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("x")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(code.output.locator(".value")).to_have_text("43", timeout=LONG)
    expect(code.editor).to_be_focused()
    page.keyboard.type("\nwhile x: pass")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(code.button("Stop")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(code.editor).not_to_be_focused()
    for _ in range(5):
        if code.button("Stop").evaluate("stop => stop === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(code.status).to_have_text("Stopped.")
    expect(code.button("Run")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(code.editor).to_be_focused()
