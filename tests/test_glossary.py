"""The glossary: what an entry has to say, and where its term is marked."""

from pathlib import Path
from xml.etree.ElementTree import fromstring, tostring

import pytest
from markdown.util import AtomicString
from small_project import ROOT

from study import glossary
from study.glossary import Term
from study.questions import asked, prose

DOCS = ROOT / "docs"
TERMS = glossary.terms(DOCS)


def test_every_entry_is_whole():
    lines = prose(glossary.place(DOCS))
    assert len(TERMS) == sum(line.startswith("### ") for line in lines) >= 40
    for term in TERMS:
        questions = [name for _, name in asked(DOCS / term.page)]
        assert term.question in questions, term
    told = [line for line in lines if glossary.MORE.match(line)]
    for line in told:  # one sentence, with a decimal point or two
        sentence = line[: line.rindex(" [")]
        assert sentence.endswith(".") and ". " not in sentence, line


def test_no_name_has_two_entries():
    names = [name.lower() for term in TERMS for name in term.names]
    assert sorted(names) == sorted(set(names))
    assert len({term.id for term in TERMS}) == len(TERMS)


def term(name: str, *others: str, id: str = "t") -> Term:
    return Term(id, "one", False, [name, *others], [])


def marked(html: str, *terms: Term) -> str:
    answer = fromstring(f"<div>{html}</div>")
    glossary.mark(answer, terms, "g")
    return tostring(answer, "unicode").removeprefix("<div>").removesuffix("</div>")


def link(text: str, id: str = "t") -> str:
    return f'<a class="term" href="g#{id}">{text}</a>'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an elbow, an elbow", f"an {link('elbow')}, an elbow"),
        ("Elbows bend", f"{link('Elbows')} bend"),
        ("elbow-room, myelbow, elbowed", None),
        ("the<b /> elbow", f"the<b /> {link('elbow')}"),
        ("a <strong>big elbow</strong>", f"a <strong>big {link('elbow')}</strong>"),
        ("<em>The elbow</em> is <code>elbow</code> <a>elbow</a>", None),
        ("<code>x</code> elbow", f"<code>x</code> {link('elbow')}"),
    ],
)
def test_the_first_use_in_prose_is_marked(text: str, found: str | None):
    assert marked(f"<p>{text}</p>", term("elbow")) == f"<p>{found or text}</p>"


def test_names_are_matched_as_they_are_written():
    assert marked("<p>kNN and KNN</p>", term("KNN")) == f"<p>kNN and {link('KNN')}</p>"
    long = term("log loss")
    assert marked("<p>the log-loss</p>", long) == f"<p>the {link('log-loss')}</p>"
    both = term("loss", id="a"), term("loss curve", id="b")
    shown = f"<p>a {link('loss curve', 'b')}, a {link('loss', 'a')}</p>"
    assert marked("<p>a loss curve, a loss</p>", *both) == shown


@pytest.mark.parametrize(
    "html",
    [
        '<div class="admonition"><p class="admonition-title">elbow</p></div>',
        "<study-card><p>elbow</p></study-card>",
        "<figure><figcaption><p>elbow</p></figcaption></figure>",
        "<h3>elbow</h3>",
        "<table><tr><td>elbow</td></tr></table>",
        "<pre>elbow</pre>",
    ],
)
def test_what_is_no_prose_stays_unmarked(html: str):
    assert marked(html, term("elbow")) == html


def test_what_is_stashed_stays_whole():
    answer = fromstring("<div><p/></div>")
    answer[0].text = AtomicString("elbow")
    glossary.mark(answer, [term("elbow")], "g")
    assert not answer[0].findall("a")


def test_a_notes_text_is_marked_but_not_its_title():
    note = '<div class="admonition"><p class="admonition-title">An elbow</p>{}</div>'
    done = marked(note.format("<p>The elbow</p>"), term("elbow"))
    assert done == note.format(f"<p>The {link('elbow')}</p>")


def test_without_a_glossary_there_are_no_terms(tmp_path: Path):
    assert glossary.terms(tmp_path) == []
