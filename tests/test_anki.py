"""The deck for Anki: imported by Anki itself, studied, and imported again."""

import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from anki.collection import (
    Collection,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from small_project import ROOT, Project
from test_cards import card, html

from study import anki, anki_html, commits, deck
from study.drawn import Drawn

MONDAY, TUESDAY, FRIDAY = 1_700_000_000, 1_700_086_400, 1_700_345_600
URL = "https://notes.test/study"


@pytest.fixture(scope="module")
def _committed(tmp_path_factory: pytest.TempPathFactory, _drawn: Path) -> Path:
    folder = tmp_path_factory.mktemp("anki") / "project"
    shutil.copytree(_drawn, folder)
    (folder / ".gitignore").write_text(".cache/\n")
    git(folder, "init", "-q", "-b", "main")
    return folder


@pytest.fixture
def project(tmp_path: Path, _committed: Path) -> Project:
    """A drawn project, in git but with no commit yet."""
    shutil.copytree(_committed, tmp_path / "project")
    return Project(tmp_path / "project")


def git(folder: Path, *arguments: str, at: int = MONDAY) -> None:
    """Run git as somebody, at a time."""
    values = {"NAME": "A", "EMAIL": "a@b.test", "DATE": f"@{at} +0000"}
    environment = dict(os.environ)
    for name, value in values.items():
        environment |= {f"GIT_AUTHOR_{name}": value, f"GIT_COMMITTER_{name}": value}
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr


def commit(project: Project, at: int) -> None:
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-q", "-m", "Change", at=at)


class Cards:
    """A project's cards on one page, and the site built of them."""

    def __init__(self, project: Project, *cards: str) -> None:
        self.project = project
        self.site = project.folder.parent / "site"
        (project.folder / "docs" / "part").mkdir(exist_ok=True)
        self.say(*cards)

    def say(self, *cards: str) -> None:
        text = "# The *title*\n\n## One? {#one}\n\nIt.\n\n" + "\n".join(cards)
        self.project.page("part/page", text)

    def deck(self, url: str | None = URL) -> Path:
        """Build the site; its deck for Anki."""
        page = self.site / "part" / "page" / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        text = (self.project.folder / "docs" / "part" / "page.md").read_text("utf-8")
        page.write_text(f"<html>{html(self.project, text)}</html>", "utf-8")
        page.parents[1].joinpath("index.html").write_text('<h1 id="p">The part</h1>')
        deck.write(self.site, Drawn(self.project.folder))
        anki.write(self.site, url, self.project.folder)
        return self.site / "assets" / "study-notes.apkg"


def named(kind: str, name: str, *arguments: str, **more: str) -> str:
    return card(kind, *arguments, **more).replace("the-card", name)


STILL = (
    "//// recall | card-still\n\nWhat?\n\n/// still | line\n    alt: A line.\n///\n\n"
    "---\n\nA line.\n////\n"
)
ALL = (
    named("recall", "card-recall", question="Why $\\frac{x^2}{3}$?", answer="`f(x)`."),
    named(
        "numeric",
        "card-numeric",
        "    answer: {{ line.end:.2f }}\n    within: 0.01\n    vary: slope\n",
        question="At {{ line.slope:g }}?",
    ),
    named(
        "predict",
        "card-predict",
        question="```pycon\n>>> print('[latex]', 1 < 2)  # so\n[latex] True\n\n```",
    ),
    named("choice", "card-choice", question="Which?\n\n- [ ] *one*\n- [x] $y$ `two`"),
    STILL,
)


class Learner:
    """Somebody with Anki."""

    def __init__(self, folder: Path) -> None:
        self.anki = Collection(str(folder / "collection.anki2"))

    def imports(self, path: Path) -> tuple[int, int, int]:
        """How many notes were new, updated, and left as they are."""
        request = ImportAnkiPackageRequest(
            package_path=str(path), options=ImportAnkiPackageOptions()
        )
        log = self.anki.import_anki_package(request).log
        assert not [*log.conflicting, *log.missing_notetype, *log.first_field_match]
        return len(log.new), len(log.updated), len(log.duplicate)

    def fields(self, name: str) -> dict[str, str]:
        """Of the note of this card, found by its first field."""
        (note,) = self.anki.find_notes(f"Id:{name}")
        return dict(self.anki.get_note(note).items())

    def sees(self, name: str) -> tuple[str, str]:
        """The two sides of a card."""
        (number,) = self.anki.find_cards(f"Id:{name}")
        shown = self.anki.get_card(number)
        return shown.question(), shown.answer()


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    learner = Learner(tmp_path)
    yield learner
    learner.anki.close()


def test_one_note_a_card_below_its_sections_deck(project: Project, learner: Learner):
    cards = Cards(project, *ALL)
    commit(project, MONDAY)
    assert learner.imports(cards.deck()) == (5, 0, 0)
    assert learner.anki.card_count() == 5
    names = [each.name for each in learner.anki.decks.all_names_and_ids()]
    assert names == ["Default", "Study notes", "Study notes::The part"]
    assert len(learner.anki.find_cards('deck:"Study notes::The part"')) == 5
    (note,) = learner.anki.find_notes("tag:study-notes::part tag:study-notes::choice")
    assert learner.anki.get_note(note)["Id"] == "card-choice"
    place = 'href="https://notes.test/study/part/page/#one">The <em>title</em> › One?<'
    assert place in learner.fields("card-recall")["Place"]


def test_new_cards_come_in_the_sites_order(project: Project, learner: Learner):
    learner.imports(Cards(project, *ALL).deck())
    assert learner.anki.db
    due = learner.anki.db.list(
        "select sfld from notes n join cards c on c.nid = n.id order by c.due"
    )
    kinds = ("recall", "numeric", "predict", "choice", "still")
    assert due == [f"card-{kind}" for kind in kinds]


def test_importing_twice_doubles_nothing(project: Project, learner: Learner):
    cards = Cards(project, *ALL)
    commit(project, MONDAY)
    learner.imports(cards.deck())
    assert learner.imports(cards.deck()) == (0, 0, 5)
    assert (learner.anki.note_count(), learner.anki.card_count()) == (5, 5)


def test_a_site_without_cards_has_an_empty_deck(project: Project, learner: Learner):
    assert learner.imports(Cards(project).deck()) == (0, 0, 0)


def studied(learner: Learner) -> list[list[int]]:
    """What Anki knows of the learner's progress."""
    assert learner.anki.db
    return [
        *learner.anki.db.all("select * from revlog"),
        *learner.anki.db.all("select id, due, ivl, reps, queue from cards order by id"),
    ]


def test_a_later_commit_updates_a_note_and_keeps_its_history(
    project: Project, learner: Learner
):
    cards = Cards(project, named("recall", "card-a", answer="Wrong."))
    commit(project, MONDAY)
    learner.imports(cards.deck())
    learner.anki.decks.select(learner.anki.decks.id_for_name("Study notes"))
    for _ in range(2):
        asked = learner.anki.sched.getCard()
        assert asked
        learner.anki.sched.answerCard(asked, 3)
    before = studied(learner)
    assert len(before) == 3 and before[-1][3] == 2

    # A new card comes first: notes are known by their cards' ids, not their places.
    cards.say(named("recall", "card-new"), named("recall", "card-a", answer="Right."))
    commit(project, TUESDAY)
    assert learner.imports(cards.deck()) == (1, 1, 0)
    assert "Right." in learner.fields("card-a")["Answer"]
    (fresh,) = learner.anki.find_cards("Id:card-new")
    learner.anki.remove_notes([learner.anki.get_card(fresh).nid])
    assert studied(learner) == before


def test_without_a_later_commit_nothing_is_updated(project: Project, learner: Learner):
    cards = Cards(project, named("recall", "card-a", answer="Committed."))
    commit(project, MONDAY)
    learner.imports(cards.deck())
    cards.say(named("recall", "card-a", answer="Draft."))
    assert learner.imports(cards.deck()) == (0, 0, 1)
    assert "Committed." in learner.fields("card-a")["Answer"]


def times(project: Project) -> dict[str, int]:
    return commits.times(project.folder, "docs", "snippets")


def changed(project: Project) -> int:
    found = anki._changed(project.folder, ["part/page/"], times(project))
    return found["part/page/"]


def test_a_note_is_of_the_last_commit_of_its_page_or_a_snippet_that_it_names(
    project: Project,
):
    Cards(project, named("recall", "card-a", question="{{ line.end():.0f }}?"))
    project.snippet("alone", '"""Nothing."""\n')
    commit(project, MONDAY)
    project.page("other", "# Other\n")
    project.snippet("alone", '"""Nothing yet."""\n')
    commit(project, TUESDAY)
    assert times(project)["docs/other.md"] == TUESDAY
    assert times(project)["docs/part/page.md"] == MONDAY == changed(project)
    line = project.folder / "snippets" / "line.py"
    line.write_text(f"{line.read_text()}\n")
    assert changed(project) == MONDAY  # until it is committed
    commit(project, FRIDAY)
    assert changed(project) == FRIDAY


def test_what_a_merge_brings_is_of_its_time(project: Project):
    cards = Cards(project, named("recall", "card-a"))
    commit(project, MONDAY)
    git(project.folder, "checkout", "-q", "-b", "side")
    cards.say(named("recall", "card-a", answer="Written on Tuesday."))
    commit(project, TUESDAY)
    git(project.folder, "checkout", "-q", "main")
    project.page("other", "# Other\n")
    commit(project, TUESDAY + 1)
    git(project.folder, "merge", "-q", "--no-ff", "side", at=FRIDAY)
    assert changed(project) == FRIDAY
    assert times(project)["docs/other.md"] == TUESDAY + 1


def test_a_page_may_be_its_folders_or_a_file(project: Project):
    Cards(project, named("recall", "card-a"))
    project.page("part/index", "# Part\n")
    commit(project, MONDAY)
    for address in ("part/", "part/page/", "part/page.html", "part/index.html"):
        found = anki._changed(project.folder, [address], times(project))
        assert found == {address: MONDAY}


def test_a_history_that_cannot_be_read_is_said_and_fails_no_strict_build(
    project: Project,
    learner: Learner,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    cards = Cards(project, named("recall", "card-a"))
    told = []
    cards.deck()
    told.append(capsys.readouterr().err)  # no commit
    commit(project, MONDAY)
    project.page("other", "# Other\n")
    commit(project, TUESDAY)
    cards.deck()
    assert capsys.readouterr().err == ""
    source = f"file://{project.folder}"
    git(tmp_path, "clone", "-q", "--depth", "1", source, "shallow")
    shutil.copytree(project.folder / ".cache", tmp_path / "shallow" / ".cache")
    shallow = Cards(Project(tmp_path / "shallow"), named("recall", "card-a"))
    learner.imports(shallow.deck())
    told.append(capsys.readouterr().err)
    shutil.rmtree(project.folder / ".git")
    cards.deck()
    told.append(capsys.readouterr().err)
    for line, reason in zip(
        told, ("does not have any commits", "shallow clone", "not a git"), strict=True
    ):
        assert line.startswith("study-notes.apkg will not update notes in Anki: ")
        assert reason in line and line.count("\n") == 1
    assert learner.anki.db
    assert learner.anki.db.scalar("select mod from notes") == anki.START
    # Strict builds count what is logged.
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_the_same_commit_gives_the_same_bytes(project: Project):
    cards = Cards(project, *ALL)
    commit(project, MONDAY)
    first = cards.deck().read_bytes()
    assert cards.deck().read_bytes() == first  # kept
    (kept,) = (project.folder / ".cache" / "anki").iterdir()
    kept.write_bytes(b"half of it")
    code = "import sys; from pathlib import Path; from study import anki; "
    code += f"anki.write(Path(sys.argv[1]), {URL!r}, Path(sys.argv[2]))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run(
        [sys.executable, "-c", code, cards.site, project.folder],
        env=environment,
        cwd=ROOT / "scripts",
        check=True,
    )
    assert (cards.site / "assets" / "study-notes.apkg").read_bytes() == first


def test_each_kind_of_card_asks_and_answers(project: Project, learner: Learner):
    learner.imports(Cards(project, *ALL).deck())
    question, answer = learner.sees("card-recall")
    assert "Why <math" in question and "<mfrac>" in question
    assert not re.search("katex|annotation|semantics|arithmatex", question)
    assert "<code>f(x)</code>" in answer and "<code>f(x)</code>" not in question

    question, answer = learner.sees("card-numeric")
    assert "Work it out" in question and "At 0.5?" in question
    assert '<p class="value">5.00</p>' in answer and "5.00" not in question

    question, answer = learner.sees("card-predict")
    text = re.sub("<[^>]*>", "", question.partition("</style>")[2])
    assert "&gt;&gt;&gt; print('&#91;latex]', 1 &lt; 2)  # so" in text
    assert '<span class="nb">print</span>' in question
    assert "<code>&#91;latex] True</code>" in answer and "] True" not in question

    question, answer = learner.sees("card-choice")
    assert "<li><em>one</em></li>" in question and "data-right" not in question
    back = answer.partition('<hr id="answer">')[2]
    assert re.match(r'<div class="value"><math.*</math> <code>two</code></div>', back)
    assert "one" not in back.partition("So.")[0]

    question, _ = learner.sees("card-still")
    assert 'aria-label="A line."' in question and "var(--fig-c0)" in question
    drawing = question.partition("<svg")[2]
    assert re.search('<path d="M [^"\n]*"', drawing)
    ids = set(re.findall(r' id="([^"]*)"', drawing))
    assert {*re.findall(r'href="#([^"]*)"', drawing)} <= ids and ids


def test_colours_are_defined_for_day_and_night(project: Project, learner: Learner):
    learner.imports(Cards(project, *ALL).deck())
    style = learner.sees("card-still")[0].partition("</style>")[0]
    day, night = style.split(".nightMode,\n.night_mode {")
    names = [f"--fig-c{i}" for i in range(8)]
    for part in (day, night.partition("}")[0]):
        assert re.findall(r"(--fig-c\d): #[0-9a-f]{6};", part) == names
    assert day.partition("--fig-c0:")[2][:9] != night.partition("--fig-c0:")[2][:9]


LINKED = named(
    "recall", "card-a", answer="[there](../other/#x), [out](https://a.test/)"
)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost/", None])
def test_links_to_where_only_the_author_is_are_words(
    project: Project, learner: Learner, url: str | None
):
    learner.imports(Cards(project, LINKED).deck(url))
    fields = learner.fields("card-a")
    assert 'there, <a href="https://a.test/" rel="external">out</a>' in fields["Answer"]
    assert fields["Place"] == "The <em>title</em> › One?"


def test_links_of_the_site_become_absolute(project: Project, learner: Learner):
    learner.imports(Cards(project, LINKED).deck())
    link = '<a href="https://notes.test/study/part/other/#x">there</a>'
    assert link in learner.fields("card-a")["Answer"]


HOSTILE = """
<script>alert(1)</script>
<p onclick="alert(2)">a</p>
<img src="x" onerror="alert(3)" alt="<b>">
<a href="javascript:alert(4)">b</a>
<a href=" JAVASCRIPT:alert(5)">c</a>
<a href="{root}javascript:alert(5)">c</a>
<svg onload="alert(6)"><script>alert(7)</script><style>@import "x"</style>
<a xlink:href="javascript:alert(8)"><set attributeName="href" to="javascript:x"/></a>
<use href="data:image/svg+xml,<svg onload='alert(9)'/>"/></svg>
<math><mi href="javascript:alert(10)">x</mi><annotation-xml encoding="text/html">
<style><img onerror=alert(11)></style></annotation-xml></math>
<iframe srcdoc="<script>alert(12)</script>"></iframe><object data="x"></object>
<form action="javascript:alert(13)"><button formaction="javascript:alert(14)">d</button>
</form><template><script>alert(15)</script></template><base href="//x.test/">
&lt;script&gt;alert(16)&lt;/script&gt; <!-- --!><script>alert(17)</script> -->
[sound:x.mp3] [[type:Answer]] <sc<script>ript>alert(18)</script>
<p title="&quot;&gt;&lt;script&gt;alert(19)&lt;/script&gt;">e</p>
<meta http-equiv="refresh"></details></div><script>alert(20)"""


LOUD = {"script", "style", "iframe", "object", "form", "button", "base", "meta", "img"}


class Loud(HTMLParser):
    """What in HTML could run, load or leave."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LOUD:
            self.found.append(tag)
        for name, value in attrs:
            loud = re.match(r"\s*(javascript:|data:image/svg)", value or "", re.I)
            if loud or name.startswith("on") or name in ("src", "srcdoc"):
                self.found.append(f"{tag} {name}")


def test_hostile_text_in_a_card_does_not_become_script():
    assert len(Loud(HOSTILE).found) > 20
    fold = "<details><summary>Answer</summary><div>"
    text = f"<study-card>{HOSTILE}{fold}{HOSTILE}</div></details></study-card>"
    for root in (None, "https://a.test/"):
        for side in anki_html.split(text, root):
            assert Loud(side).found == []
            assert "alert(1)" not in side and "alert(16)" in side
            assert "[" not in side
            assert side.count("<p") == side.count("</p>") == 2


def test_what_is_not_closed_is_closed_and_what_is_not_open_is_left_out():
    assert anki_html.clean("a</b><i>x<b>y</i> z</p>") == "a<i>x<b>y</b></i> z"
    assert anki_html.words("<b>a</b> &amp; <i>b</i>") == "a & b"
