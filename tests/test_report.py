"""A report names the page and the question; without a repository there is no link."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from small_project import ROOT

Js = Callable[..., Any]
NEW = "https://example.org/notes/issues/new"


@pytest.mark.parametrize(
    ("question", "title", "place"),
    [
        (None, "A & B", "https://s.example/a/"),
        (
            {"id": "why", "text": "Why <b> & #1?"},
            "A & B: Why <b> & #1?",
            "https://s.example/a/#why",
        ),
    ],
)
def test_an_issue_names_page_and_question(
    js: Js, question: object, title: str, place: str
):
    code = "m.issue(base, page, title, question)"
    page = "https://s.example/a/"
    url = js("report", code, base=NEW, page=page, title="A & B", question=question)
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{NEW}?") and asked["title"] == [title]
    assert asked["body"][0].startswith(f"On {place}\n")


RENDER = """
import sys
from mkdocs.config import load_config
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
config = load_config("mkdocs.yml")
page = Page(None, File(sys.argv[1], "docs", "site", True), config)
env = config.theme.get_env()
env.globals["lang"] = type("L", (), {"t": lambda self, key: key})()
print(env.get_template("partials/actions.html").render(config=config, page=page))
print(env.get_template("partials/source.html").render(config=config, page=page))
print("told:", config.repo_url, page.edit_url)
"""


def rendered(source: str, repository: str | None) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "REPO_URL"}
    if repository:
        environment["REPO_URL"] = repository
    run = subprocess.run(
        [sys.executable, "-c", RENDER, source],
        cwd=ROOT,
        env={**environment, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0 and not run.stderr, run.stderr
    return run.stdout


@pytest.mark.parametrize(
    ("source", "place"),
    [("data/k-means.md", "data/k-means.md"), ("labs/1-a.ipynb", "labs/1-a.py")],
)
def test_with_a_repository_a_page_is_edited_at_its_source(source: str, place: str):
    html = rendered(source, "https://example.org/notes")
    assert f'href="https://example.org/notes/edit/main/docs/{place}"' in html
    assert f'href="{NEW}"' in html
    assert "data-md-component" not in html  # the theme would ask GitHub for stars


def test_without_one_there_is_nothing_to_edit():
    html = rendered("data/k-means.md", None)
    assert "/edit/" not in html and "told: None" in html
