"""The content security policy: the same on every page, and no wider than needed."""

import base64
import hashlib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from small_project import written

from study import policy

PAGES = {
    "index.html": """<!doctype html>
<html lang="en" class="no-js">
  <head>
    <meta charset="utf-8">
    <title>One</title>
    <script>document.documentElement.className = "js"</script>
    <script src="bundle.js"></script>
  </head>
  <body><header>A head</header>
    <script id="__config" type="application/json">{"base": "."}</script>
    <script>
      var both = "é"
    </script>
  </body>
</html>
""",
    "deep/page/index.html": """<!doctype html>
<html><head><meta charset="utf-8">
<script type="module">import "./a.js"</script>
<script type="text/javascript">here("../..")</script></head>
<body><script>
      var both = "é"
    </script></body></html>
""",
    "404.html": """<!doctype html>
<html><head></head><body>
<script type="application/ld+json">{"@type": "WebPage"}</script>
<script type=application/json>{"unquoted": 1}</script></body></html>
""",
}
EXECUTED = {"", "text/javascript", "module"}


class Reader(HTMLParser):
    """What a browser finds in a page: its tags, policies and inline scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.head: list[dict[str, str | None]] = []
        self.policies: list[str] = []
        self.scripts: dict[str, str] = {}  # code → type
        self._type: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.head.append({"tag": tag, **found})
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(found["content"] or "")
        if tag == "script" and "src" not in found:
            self._type = found.get("type") or ""

    def handle_data(self, data: str) -> None:
        if self._type is not None:
            self.scripts[data] = self._type
            self._type = None


@pytest.fixture
def site(tmp_path: Path) -> Path:
    policy.write(written(tmp_path, PAGES))
    return tmp_path


def read(site: Path) -> dict[str, Reader]:
    return {
        path.relative_to(site).as_posix(): Reader(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }


def directives(site: Path) -> dict[str, list[str]]:
    """The policy of the first page, by directive."""
    [content] = read(site)["index.html"].policies
    parts = [part.split() for part in content.split(";")]
    return {name: values for name, *values in parts}


def hashed(code: str) -> str:
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_every_page_has_the_same_policy_once(site: Path):
    pages = read(site)
    assert pages.keys() == PAGES.keys()
    contents = [page.policies for page in pages.values()]
    assert all(len(found) == 1 for found in contents)
    assert len({found[0] for found in contents}) == 1


def test_it_holds_the_hash_of_every_script_that_runs_and_no_other(site: Path):
    wanted = {
        hashed(code)
        for page in read(site).values()
        for code, kind in page.scripts.items()
        if kind in EXECUTED
    }
    assert len(wanted) == 4  # one is on two pages
    allowed = directives(site)["script-src"]
    assert {value for value in allowed if value.startswith("'sha")} == wanted


def test_blocks_of_data_are_not_hashed(site: Path):
    data = [
        code
        for page in read(site).values()
        for code, kind in page.scripts.items()
        if kind not in EXECUTED
    ]
    assert len(data) == 3
    assert not {hashed(code) for code in data} & {*directives(site)["script-src"]}


def test_text_does_not_become_code_and_no_other_origin_is_reached(site: Path):
    found = directives(site)
    assert found["default-src"] == ["'self'"]
    assert "connect-src" not in found or found["connect-src"] == ["'self'"]
    scripts = [v for v in found["script-src"] if not v.startswith("'sha256-")]
    assert scripts == ["'self'", "'wasm-unsafe-eval'"]
    known = {"'self'", "'none'", "'unsafe-inline'", "'wasm-unsafe-eval'"}
    for name, values in found.items():
        assert {*values} - known - {*found["script-src"]} <= {"data:", "blob:"}
        assert "'unsafe-inline'" not in values or name == "style-src"
    assert found["worker-src"] == ["'self'", "blob:"]
    assert found["object-src"] == ["'none'"]


def test_only_the_charset_comes_before_it(site: Path):
    # It holds for what follows; the charset has to be in the first 1024 bytes.
    for name, page in read(site).items():
        tags = [entry["tag"] for entry in page.head]
        after = page.head[tags.index("head") + 1 :]
        if "charset" in PAGES[name]:
            assert after.pop(0) == {"tag": "meta", "charset": "utf-8"}
        assert after[0].get("http-equiv") == "Content-Security-Policy"


def test_nothing_else_of_a_page_changes(site: Path):
    for name, html in PAGES.items():
        now = (site / name).read_text(encoding="utf-8")
        assert re.sub(r'<meta http-equiv="Content[^>]*>', "", now) == html


def test_it_is_the_same_bytes_every_time(site: Path, tmp_path: Path):
    before = {path: path.read_bytes() for path in site.rglob("*.html")}
    for name, html in PAGES.items():
        (tmp_path / name).write_text(html, encoding="utf-8")
    policy.write(site)
    assert before == {path: path.read_bytes() for path in site.rglob("*.html")}


def test_a_site_without_inline_scripts_gets_one_too(site: Path):
    shutil.rmtree(site)
    site.mkdir()
    (site / "index.html").write_text("<html><head></head></html>")
    policy.write(site)
    assert directives(site)["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
