"""`make serve`: a saved snippet brings its new figure to the open page, once."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from small_project import Checkout

PAGE = "data/k-means/"
TOP = "figure => figure.getBoundingClientRect().top"  # where the reader sees it


@pytest.fixture
def served(checkout: Checkout) -> Iterator[tuple[Checkout, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:{1}".format(*free.getsockname())
    command = ["-m", "mkdocs", "serve", "--no-strict", "-a", address]
    server = subprocess.Popen(
        [sys.executable, *command],
        cwd=checkout.folder,
        env={**checkout.environment, "SITE_URL": f"http://{address}/"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    for line in server.stderr:
        if "Serving on" in line:
            break
    yield checkout, f"http://{address}/"
    server.terminate()
    server.communicate()


def test_a_saved_snippet_brings_its_figure_and_one_reload(
    served: tuple[Checkout, str], page: Page
):
    checkout, address = served
    page.goto(address + PAGE)
    figure = page.locator('study-figure[name="kmeans_elbow.figure"]')
    label = figure.locator("text", has_text="number of clusters K")
    expect(label).to_have_count(1)
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 0
    figure.scroll_into_view_if_needed()
    page.evaluate("document.fonts.ready")
    before = figure.evaluate(TOP)
    assert page.evaluate("scrollY") > 0
    loads: list[Page] = []
    page.on("load", lambda loaded: loads.append(loaded))
    snippet = checkout.folder / "snippets" / "kmeans_elbow.py"
    text = snippet.read_text("utf-8")
    assert text.count("number of clusters K") == 1
    snippet.write_text(text.replace("number of clusters K", "how many clusters"))
    renamed = figure.locator("text", has_text="how many clusters")
    expect(renamed).to_have_count(1, timeout=60_000)
    page.evaluate("document.fonts.ready")
    assert figure.evaluate(TOP) == pytest.approx(before, abs=2)
    # The other positions are drawn behind; the open page finds them when moved.
    slider = figure.locator("input[type=range]").first
    slider.press("End")
    expect(figure.get_by_role("status")).to_have_text("", timeout=90_000)
    expect(renamed).to_have_count(1)
    assert len(loads) == 1


def test_a_broken_snippet_leaves_the_page_as_it_was(
    served: tuple[Checkout, str], page: Page
):
    checkout, address = served
    page.goto(address + PAGE)
    snippet = checkout.folder / "snippets" / "kmeans_elbow.py"
    text = snippet.read_text("utf-8")
    with page.expect_event("load", timeout=60_000):
        snippet.write_text(text + "\nraise ValueError('broken')\n")
    drawing = page.locator('study-figure[name="kmeans_elbow.figure"] svg')
    expect(drawing).to_have_count(1)
    with page.expect_event("load", timeout=60_000):
        snippet.write_text(text)
    expect(drawing).to_have_count(1)
    assert re.search("k-means", page.title())
