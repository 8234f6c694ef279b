"""What pages log as wrong, what they ask for, and how far they move."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Request

# How far what is in sight moves, in the browser's own measure, and what moved.
SHIFTS = """self.shifts = [];
const what = ({node}) => node?.parentElement?.outerHTML.slice(0, 99);
new PerformanceObserver(list => shifts.push(...list.getEntries().map(
  ({value, sources}) => ({by: value, what: sources.map(what)})
))).observe({type: 'layout-shift', buffered: true});"""


@dataclass
class Watched:
    """All pages of a context, since then."""

    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def wrong(self, *ours: str) -> list[str]:
        """What was logged, and addresses that begin with none of these."""
        ours = (*ours, "data:", "blob:")
        return self.told + [url for url in self.asked if not url.startswith(ours)]


def watch(context: BrowserContext) -> Watched:
    watched = Watched()
    told = watched.told.append
    context.on("weberror", lambda error: told(str(error.error)))
    context.on("console", lambda m: told(m.text) if m.type == "error" else None)
    context.on("requestfailed", lambda request: _failed(request, told))
    context.on("request", lambda request: watched.asked.append(request.url))
    return watched


def _failed(request: Request, told: Callable[[str], None]) -> None:
    if request.failure != "net::ERR_ABORTED":  # which is the page's own doing: it left
        told(f"failed: {request.url}, {request.failure}")
