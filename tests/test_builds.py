"""The whole site, built by MkDocs and by ProperDocs, and stopped by mistakes."""

import re
from pathlib import Path

import pytest
from small_project import Checkout


def article(path: Path) -> str:
    html = path.read_text("utf-8")
    found = re.search(r"<article.*?</article>", html, re.DOTALL)
    assert found, path
    return found[0]


def test_mkdocs_and_properdocs_write_the_same_articles(checkout: Checkout):
    assert checkout.run("mkdocs", "build", "-q", "-d", "a").returncode == 0
    done = checkout.run("properdocs", "build", "-q", "-f", "mkdocs.yml", "-d", "b")
    assert done.returncode == 0, done.stderr
    a, b = checkout.folder / "a", checkout.folder / "b"
    pages = sorted(path.relative_to(a) for path in a.rglob("index.html"))
    assert len(pages) > 4
    for page in pages:
        assert article(a / page) == article(b / page)
    drawings = sorted(path.name for path in (a / "assets" / "figures").iterdir())
    assert drawings == sorted(p.name for p in (b / "assets" / "figures").iterdir())


@pytest.mark.parametrize("tool", ["mkdocs", "properdocs"])
def test_a_mistake_in_a_page_stops_the_build_with_its_place(
    checkout: Checkout, tool: str
):
    page = checkout.folder / "docs" / "data" / "k-means.md"
    text = page.read_text("utf-8")
    page.write_text(f"{text}\n{{{{ kmeans_elbow.distorsion() }}}}\n", "utf-8")
    done = checkout.run(tool, "build", "-q", "-f", "mkdocs.yml", "-d", "site")
    assert done.returncode == 1
    line = text.count("\n") + 2
    assert f"docs/data/k-means.md:{line}: no figure reports" in done.stderr
    assert "did you mean distortion?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_snippet_that_raises_stops_the_build_with_its_place(checkout: Checkout):
    snippet = checkout.folder / "snippets" / "roc_auc.py"
    text = snippet.read_text("utf-8").replace("    fig.", "    1 / 0\n    fig.", 1)
    snippet.write_text(text, "utf-8")
    done = checkout.run("mkdocs", "build", "-q", "-d", "site")
    assert done.returncode == 1
    assert re.search(r"snippets/roc_auc.py:\d+: ZeroDivisionError", done.stderr)
    assert "Traceback" not in done.stderr


def test_a_second_build_of_an_unchanged_site_writes_the_same_bytes(checkout: Checkout):
    for folder in ("a", "b"):
        assert checkout.run("mkdocs", "build", "-q", "-d", folder).returncode == 0
    a, b = checkout.folder / "a", checkout.folder / "b"
    assert (a / "assets" / "study-notes.apkg").is_file()
    for path in sorted(path for path in a.rglob("*") if path.is_file()):
        if path.name not in {"sitemap.xml", "sitemap.xml.gz"}:  # these hold the date
            assert path.read_bytes() == (b / path.relative_to(a)).read_bytes()
