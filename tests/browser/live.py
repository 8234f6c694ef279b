"""A reader who runs code on an open page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from browser.shown import DRAWN
from browser.watched import Watched, watch
from playwright.sync_api import Browser, Locator, Page, expect

from study.takeaway import published

LONG = 60_000  # ms: Python starts within seconds, unless the machine is busy
PASTE = """(content, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  content.dispatchEvent(new ClipboardEvent('paste',
    {clipboardData, bubbles: true, cancelable: true}));
}"""
COPY = """content => {
  const clipboardData = new DataTransfer();
  content.dispatchEvent(new ClipboardEvent('copy',
    {clipboardData, bubbles: true, cancelable: true}));
  return clipboardData.getData('text/plain');
}"""


def text(snippet: str) -> str:
    """A snippet as readers get it."""
    return published(DRAWN.sources, snippet)[0]


@dataclass
class Code:
    """A block of code, or of examples, that runs."""

    element: Locator

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    @property
    def status(self) -> Locator:
        return self.element.locator("> [role=status]")

    @property
    def output(self) -> Locator:
        return self.element.locator("> .output")

    @property
    def printed(self) -> Locator:
        return self.output.locator(".printed")

    @property
    def editor(self) -> Locator:
        return self.element.get_by_role("textbox")

    def run(self) -> None:
        """Press Run and wait for it to end well."""
        self.button("Run").click()
        self.done()

    def done(self) -> None:
        expect(self.status).to_have_text("Done.", timeout=LONG)

    def check(self) -> list[Locator]:
        """Press Check; the examples with what they gave."""
        self.button("Check").click()
        self.done()
        return self.output.locator("li").all()

    def edit(self) -> Locator:
        """Open the editor, if it is not open."""
        if not self.editor.count():
            self.button("Edit").click()
        self.editor.focus()
        return self.editor

    def write(self, text: str) -> None:
        """Put this in place of all that stands in the editor."""
        editor = self.edit()
        editor.press("ControlOrMeta+a")
        editor.evaluate(PASTE, text)

    def written(self) -> str:
        """All that stands in the editor."""
        editor = self.edit()
        editor.press("ControlOrMeta+a")
        return str(editor.evaluate(COPY))


@dataclass
class Reader:
    """A page that stays open over many tests: Python is started once."""

    page: Page
    site: str
    watched: Watched

    def visit(self, page_of: str) -> None:
        """Follow the sidebar's link to a page, in the same document."""
        if re.split("[?#]", self.page.url)[0] != self.site + page_of:
            self.page.locator("article").evaluate("article => { article.id = 'left' }")
            links = self.page.locator(".md-nav--primary a.md-nav__link[href]")
            links.evaluate_all(
                "(all, url) => all.find(link => link.href === url).click()",
                self.site + page_of,
            )
            expect(self.page.locator("article#left")).to_have_count(0)
        self.page.locator("live-code .bar").first.wait_for()

    def block(self, snippet: str, number: int = 0) -> Code:
        found = self.page.locator(f'live-code[snippet="{snippet}"]')
        return Code(found.nth(number))

    def examples(self, number: int = 0) -> Code:
        return Code(self.page.locator("live-code[examples]").nth(number))

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Fails what logs an error or asks another origin for something; in the end
        the code is as published again."""
        self.watched.told.clear()
        self.watched.asked.clear()
        yield
        for code in map(Code, self.page.locator("live-code:has(.bar)").all()):
            if code.button("Stop").is_visible():
                code.button("Stop").click()
            if code.button("Reset").is_visible():
                code.button("Reset").click()
        wrong = self.watched.wrong(self.site)
        assert not wrong, wrong

    def count(self, part: str) -> int:
        """How often an address with this part was asked for."""
        return sum(part in url for url in self.watched.asked)


@contextmanager
def reading(browser: Browser, site: str, page_of: str) -> Iterator[Reader]:
    context = browser.new_context(base_url=site, service_workers="block")
    reader = Reader(context.new_page(), site, watch(context))
    reader.page.goto(page_of)
    yield reader
    context.close()
