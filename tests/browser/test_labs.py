"""A lab in the browser: like other pages, foldable solutions, a notebook to take."""

import gzip
import json
from pathlib import Path

import pytest
from browser.shown import LABS
from playwright.sync_api import Page, expect

each_lab = pytest.mark.parametrize("page_of", LABS)


@each_lab
def test_a_lab_is_light_and_brings_no_script_or_style_of_its_own(
    page: Page, quiet: None, page_of: str
):
    html = page.request.get(page_of).body()
    assert len(gzip.compress(html)) <= 200_000
    article = html.decode().split("<article")[1].split("</article>")[0]
    assert "<script" not in article and "<style" not in article
    assert "mathjax" not in html.decode().lower()
    assert "&amp;lt;" not in article
    page.goto(page_of, wait_until="networkidle")
    expect(page.locator("article h1")).to_have_count(1)
    assert page.locator("article .katex").count() >= 1
    assert "$" not in page.locator("article > p").all_inner_texts()


@each_lab
def test_solutions_are_folded_and_open(page: Page, quiet: None, page_of: str):
    page.goto(page_of)
    solutions = page.locator("article details")
    assert solutions.count() >= 4
    for place in range(solutions.count()):
        one = solutions.nth(place)
        expect(one.locator("> :not(summary)").first).to_be_hidden()
        one.locator("summary").click()
        expect(one.locator("> :not(summary)").first).to_be_visible()
    expect(page.locator(".lab-output", has_text="not solved yet").first).to_be_visible()


@each_lab
def test_figures_say_what_they_show_in_both_schemes(page: Page, page_of: str):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(page_of)
    drawings = page.locator("article .drawing[role=img]")
    assert drawings.count() >= 1
    for drawing in drawings.all():
        assert len(drawing.get_attribute("aria-label") or "") > 60
    grounds = []
    for scheme in ("default", "slate"):
        if scheme == "slate":
            page.get_by_title("Switch to dark mode").click()
        page.locator(f"body[data-md-color-scheme={scheme}]").wait_for()
        ground = drawings.first.locator("svg path").first
        body = page.evaluate("getComputedStyle(document.body).backgroundColor")
        expect(ground).to_have_css("fill", body)
        grounds.append(body)
    assert grounds[0] != grounds[1]


@each_lab
def test_a_lab_downloads_as_a_notebook(page: Page, page_of: str, tmp_path: Path):
    page.goto(page_of)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this lab as a notebook").click()
    path = tmp_path / "lab.ipynb"
    download.value.save_as(path)
    assert download.value.suggested_filename == f"{LABS[page_of].stem}.ipynb"
    book = json.loads(path.read_bytes())
    assert any("%%writefile lab_kit.py" in cell["source"] for cell in book["cells"])
    assert not any(cell.get("outputs") for cell in book["cells"])
