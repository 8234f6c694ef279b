"""What a built site's worker keeps, and that another build has another worker."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from small_project import written

from study import offline

FILES = {
    "index.html": "home",
    "404.html": "none",
    "deep/page/index.html": "page",
    "deep/é ü.html": "odd",
    "assets/built/study.js": "script",
    "assets/built/service-worker.js": "work();\n",
    "assets/built/service-worker-gone.js": "leave();\n",
    "assets/built/folder.js": "folder",
    "assets/figures/a.json": "{}",
    "assets/javascripts/lunr/min/x.js": "other language",
    "assets/live/study.json": '{"folder": "1.2-ab"}',
    "assets/live/1.2-ab/python.wasm": "large",
    "assets/snippets/a.py": "code",
    "assets/snippets/a.zip": "download",
    "assets/stylesheets/main.css.map": "map",
    "sitemap.xml": "map",
    "sitemap.xml.gz": "map",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return written(tmp_path, FILES)


def worker(site: Path) -> tuple[dict[str, Any], str]:
    """The data and the code of its worker."""
    offline.write(site)
    text = (site / "service-worker.js").read_text(encoding="utf-8")
    start = "globalThis.studySite = "
    assert text.startswith(start)
    data, end = json.JSONDecoder().raw_decode(text, len(start))
    return data, text[end:]


def test_it_keeps_what_pages_ask_for_by_the_address_that_links_have(site: Path):
    data, code = worker(site)
    assert [*data["files"]] == [
        "404.html",
        "assets/built/study.js",
        "assets/figures/a.json",
        "assets/live/study.json",
        "assets/snippets/a.py",
        "deep/page/",
        "deep/%C3%A9%20%C3%BC.html",
        "./",
        "sitemap.xml",
    ]
    assert data["python"] == "assets/live/1.2-ab/"
    assert code == ";\nwork();\n"


def test_each_file_has_its_digest(site: Path):
    data, _ = worker(site)
    digest = base64.b64encode(hashlib.sha256(b"page").digest()).decode()
    assert data["files"]["deep/page/"] == f"sha256-{digest}"


@pytest.mark.parametrize(
    ("name", "differs"),
    [
        ("deep/page/index.html", True),
        ("assets/built/service-worker.js", True),
        ("assets/live/study.json", True),
        ("assets/snippets/a.zip", False),
    ],
)
def test_another_build_has_another_worker(site: Path, name: str, differs: bool):
    before = worker(site)
    text = FILES[name].replace("1.2", "1.3")
    (site / name).write_text(f"{text} ", encoding="utf-8")
    assert (worker(site) != before) == differs


def test_the_one_that_takes_it_away_stands_at_the_same_address(site: Path):
    offline.write_gone(site)
    assert (site / "service-worker.js").read_text() == "leave();\n"
