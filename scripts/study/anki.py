"""Writes all cards of a built site as one deck for Anki: assets/study-notes.apkg.

An import of a later deck updates the notes that are there and keeps their history:
a note is known by its card's id, and is newer when a commit has changed its page.
"""

import io
import json
import re
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from study import anki_html, commits, deck
from study.files import keep, kept, write_whole
from study.paths import ROOT
from study.sources import Sources, digest

FILE = "study-notes.apkg"
NAME = "Study notes"
# Anki knows these by number, for good; a fork of the notes takes others.
MODEL, DECK = 1748211937, 1748211938
# Of what no commit is known for: before every commit, so that it replaces nothing.
START = 1_000_000_000
HERE = Path(__file__).parent
STYLE = HERE / "anki.css"
PALETTE = ROOT / "docs" / "assets" / "study.css"
# These write the fields of all notes: when they change, so do the notes.
FIELDS = ("scripts/study/anki_html.py",)
# The look has a time of its own, or each import would undo what a reader has made of
# it. A change of the palette alone can wait for the next of these.
LOOK = ("scripts/study/anki.css", "scripts/study/anki.py")
KIND = re.compile(r'<study-card [^>]*\bkind="(\w+)"')
LOCAL = {"localhost", "127.0.0.1", "::1", None}
LABELS = {
    "recall": "Recall",
    "numeric": "Work it out",
    "predict": "Predict the output",
    "choice": "Choose",
}
TEMPLATE = {
    "name": "Card",
    "qfmt": "{{Question}}",
    "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}<p class="place">{{Place}}</p>',
}


def write(site: Path, url: str | None, project: Path = ROOT) -> None:
    """Write the deck of the site that is to stand at this address."""
    cards = deck.read(site)
    try:
        times = commits.times(project, "docs", "snippets", *FIELDS, *LOOK)
    except commits.HistoryError as error:
        # Not a logged warning: it must not fail a strict build.
        print(f"{FILE} will not update notes in Anki: {error}", file=sys.stderr)
        times = {}
    root = _root(url)
    changed = _changed(project, cards["pages"], times)
    look = max((times.get(path, START) for path in LOOK), default=START)
    made_by = [p.read_bytes() for p in (PALETTE, STYLE, Path(__file__))]
    made_by.append(Path(anki_html.__file__).read_bytes())
    key = digest(json.dumps([cards, root, changed, look]).encode(), *made_by)
    cache = project / ".cache" / "anki"
    data = kept(cache / key)
    if data is None:
        data = package(cards, root, changed, look)
        shutil.rmtree(cache, ignore_errors=True)
        keep(cache / key, data)
    write_whole(site / "assets" / FILE, data)


def package(
    cards: dict[str, Any], root: str | None, changed: dict[str, int], look: int = START
) -> bytes:
    """The deck's file: the same bytes for the same cards, address and times, by page
    and of the look."""
    import genanki  # slow, and rarely needed

    model = genanki.Model(
        MODEL,
        NAME,
        # Anki looks for double notes by the first field.
        fields=[{"name": name} for name in ("Id", "Question", "Answer", "Place")],
        templates=[dict(TEMPLATE)],
        css=_style(),
    )
    decks = {"": genanki.Deck(DECK, NAME)}
    times = []
    for number, card in enumerate(cards["cards"]):
        page = cards["pages"][card["page"]]
        section = page["section"]
        # A deck a section below the one of all: one section can be studied alone and
        # have its own options. Readers would have to build that from tags.
        if section not in decks:
            title = anki_html.words(cards["sections"][section]).replace("::", ":")
            decks[section] = genanki.Deck(_number(section), f"{NAME}::{title}")
        guid = genanki.guid_for("study-notes", card["id"])
        match = KIND.match(card["html"])
        assert match
        kind = match[1]
        question, answer = anki_html.split(card["html"], root)
        question = f'<p class="kind">{LABELS[kind]}</p>{question}'
        note = genanki.Note(
            model,
            [card["id"], question, answer, _place(card, page, root)],
            guid=guid,
            tags=_tags(section, kind, *page["tags"]),
            due=number,  # new cards come in the site's order
        )
        decks[section].add_note(note)
        times.append((changed.get(card["page"], START), guid))
    return _zip(_collection(genanki.Package([*decks.values()]), look, times))


def _collection(package: Any, look: int, times: Iterable[tuple[int, str]]) -> bytes:
    """The database inside, made in memory: genanki gives all notes one time."""
    times = [*times]
    # Anki takes a note's number for the time when it was added.
    added = max((time for time, _ in times), default=START)
    database = sqlite3.connect(":memory:")
    try:
        package.write_to_db(database.cursor(), look, count(added * 1000))
        database.executemany("UPDATE notes SET mod = ? WHERE guid = ?", times)
        database.commit()
        return database.serialize()
    finally:
        database.close()


def _zip(collection: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (("collection.anki2", collection), ("media", b"{}")):
            # A ZipInfo made by hand is of no date.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _style() -> str:
    """The cards' look. Drawings stand in the fields as SVG with the page's colour
    variables: as media files they would have one scheme's colours, day and night,
    and leave an unused file behind with every change."""
    colours = re.findall(r"--fig-c\d: #[0-9a-f]{6};", PALETTE.read_text("utf-8"))
    light, dark = "\n  ".join(colours[:8]), "\n  ".join(colours[8:16])
    css = STYLE.read_text("utf-8").replace("/* light palette */", light)
    return css.replace("/* dark palette */", dark)


def _root(url: str | None) -> str | None:
    """The site's address as links begin; None if only its author has it there."""
    if not url or urlsplit(url).hostname in LOCAL:
        return None
    return url.rstrip("/") + "/"


def _place(card: dict[str, Any], page: dict[str, Any], root: str | None) -> str:
    """Page › question, where a card is from."""
    parts = [page["title"], page["questions"].get(card["question"], "")]
    html = " › ".join(anki_html.clean(part) for part in parts if part)
    if root is None:
        return html
    anchor = f"#{card['question']}" if card["question"] else ""
    return f'<a href="{escape(root + card["page"] + anchor)}">{html}</a>'


def _tags(*names: str) -> list[str]:
    """Below one name, or they would mix with the reader's own."""
    return [f"study-notes::{'-'.join(name.split())}" for name in names if name]


def _number(section: str) -> int:
    """A deck's number, from the section's folder: its title may change."""
    name = f"study-notes {section}".encode()
    return DECK + 1 + int.from_bytes(sha256(name).digest()[:4], "big")


def _changed(
    project: Path, pages: Iterable[str], times: dict[str, int]
) -> dict[str, int]:
    """By page: the last commit of what its cards are made of.

    What is edited and not committed does not count: nobody has it yet, and its commit
    will be later than the one that counts until then.
    """
    sources = Sources(project / "snippets", project / ".cache")
    known = {*sources.names()}
    found = {}
    for page in pages:
        path = _source(project, page)
        text = path.read_text(encoding="utf-8") if path else ""
        named = known.intersection(re.findall(r"\w+", text))
        needed = {each for name in named for each in sources.imports(name)}
        parts = [*FIELDS, *(f"snippets/{name}.py" for name in needed)]
        if path:
            parts.append(path.relative_to(project).as_posix())
        found[page] = max(times.get(part, START) for part in parts)
    return found


def _source(project: Path, page: str) -> Path | None:
    """The Markdown of a page's address."""
    docs, name = project / "docs", page.removesuffix(".html").rstrip("/")
    places = [docs / f"{name}.md", docs / name / "index.md", docs / name / "README.md"]
    return next((path for path in places if path.is_file()), None)
