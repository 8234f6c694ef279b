"""A built site as a folder: links name files, and data are scripts."""

import json
from pathlib import Path

import pytest

from study import folder
from study.errors import StudyError

PAGE = (
    '<link href="ROOTstyle.css"><script defer src="ROOTassets/javascripts/bundle.1.js">'
    "</script><body>LINKS</body>"
)


def page(path: Path, root: str, links: tuple[str, ...] = ()) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tags = "".join(f'<a href="{link}">x</a>' for link in links)
    path.write_text(PAGE.replace("ROOT", root).replace("LINKS", tags), "utf-8")


LINKS = {
    ".": "./index.html",
    "#here": "#here",
    "": "",
    "a/": "a/index.html",
    "a": "a/index.html",
    "a/#b": "a/index.html#b",
    "a/?h=x#b": "a/index.html?h=x#b",
    "a/index.html": "a/index.html",
    "a%20b/": "a%20b/index.html",
    "assets/": "assets/",
    "missing/": "missing/",
    "https://example.org/a/": "https://example.org/a/",
    "mailto:a@example.org": "mailto:a@example.org",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    page(site / "index.html", "", tuple(LINKS))
    page(site / "a" / "index.html", "../", ("..", "../a b/", "./"))
    page(site / "a b" / "index.html", "../")
    page(site / "404.html", "/")
    for name, text in {
        "assets/built/folder.js": "shim();\n",
        "assets/figures/f.json": '{"x": "</script>"}',
        "assets/javascripts/workers/search.1.js": "search('σ');",
        "assets/live/1/python.wasm": "large",
        "search/search_index.json": json.dumps(
            {"docs": [{"location": ""}, {"location": "#q"}, {"location": "a/#b"}]}
        ),
        "service-worker.js": "worker",
        "sitemap.xml": "map",
    }.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return site


@pytest.fixture
def made(site: Path, tmp_path: Path) -> Path:
    folder.write(site, tmp_path / "folder")
    return tmp_path / "folder"


def test_links_name_the_file_that_they_lead_to(made: Path):
    html = (made / "index.html").read_text("utf-8")
    assert html.count("<a ") == len(LINKS)
    for link in LINKS.values():
        assert f'<a href="{link}">' in html, link
    deep = (made / "a" / "index.html").read_text("utf-8")
    for link in ("../index.html", "../a b/index.html", "./index.html"):
        assert f'<a href="{link}">' in deep, link


def test_the_search_has_its_code_and_its_index_in_scripts(made: Path):
    shim = (made / "assets/built/folder.js").read_text("utf-8")
    assert shim.endswith("\nshim();\n")
    data = shim.partition(" = ")[2].partition(";\nshim")[0]
    assert json.loads(data) == {"search.1.js": "search('σ');"}
    for path, root in (("index.html", ""), ("a/index.html", "../")):
        html = (made / path).read_text("utf-8")
        tag = f'<script defer src="{root}assets/built/folder.js"></script>'
        assert html.index(tag) < html.index("assets/javascripts/bundle")
    index = (made / "search/search_index.js").read_text("utf-8")
    docs = json.loads(index.removeprefix("var __index = ").rstrip(";\n"))["docs"]
    locations = [entry["location"] for entry in docs]
    assert locations == ["index.html", "index.html#q", "a/index.html#b"]


def test_drawings_are_scripts(made: Path):
    text = (made / "assets/figures/f.js").read_text("utf-8")
    assert text == (
        '(globalThis.studyDrawings ??= {})["f.json"] = {"x": "</script>"};\n'
    )
    assert not (made / "assets/figures/f.json").exists()


def test_what_needs_a_server_is_left_out_and_the_site_stays_as_it_is(
    site: Path, made: Path
):
    for name in ("404.html", "service-worker.js", "sitemap.xml", "assets/live"):
        assert not (made / name).exists()
        assert (site / name).exists()
    assert '<a href="a/">' in (site / "index.html").read_text("utf-8")


def test_a_site_that_is_not_built_is_told(tmp_path: Path):
    with pytest.raises(StudyError, match="no built site: run `make build`"):
        folder.write(tmp_path / "none", tmp_path / "folder")


def test_another_theme_is_told(site: Path, tmp_path: Path):
    (site / "a" / "index.html").write_text("<html></html>", encoding="utf-8")
    with pytest.raises(StudyError, match="script is not where it was"):
        folder.write(site, tmp_path / "folder")
