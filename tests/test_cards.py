"""Cards in Markdown: what they become, and what is told when one is wrong."""

import json
import re
from pathlib import Path

import pytest
from small_project import Project
from test_extension import converter

from study import cards, deck
from study.drawn import Drawn
from study.extension import PageError

GRID = '''"""Two numbers.

Source: none.
"""

from typing import Annotated

from matplotlib.figure import Figure


def figure(
    fig: Figure,
    a: Annotated[int, "a", range(8)] = 0,
    b: Annotated[int, "b", range(8)] = 0,
) -> dict[str, float | str]:
    """Draw an empty field; report their sum."""
    fig.subplots().plot([0, 1], [a, b])
    return {"sum": a + b}
'''


@pytest.fixture
def project(paged: Project) -> Project:
    return paged


def html(project: Project, text: str) -> str:
    return converter(project).convert(text)


def card(
    kind: str, options: str = "", question: str = "Why?", answer: str = "So."
) -> str:
    return f"/// {kind} | the-card\n{options}\n{question}\n\n---\n\n{answer}\n///\n"


def test_a_recall_card_reads_without_script(project: Project):
    assert html(project, card("recall")) == (
        '<study-card data-search-exclude="" id="card-the-card" kind="recall">'
        '<div class="question"><p>Why?</p></div>'
        "<details><summary>Answer</summary><div><p>So.</p></div></details>"
        "</study-card>"
    )


def test_formulas_code_and_pinned_numbers_stand_in_cards(project: Project):
    question = "Why is $x^2$ `f(x)` {{ line.end():.1f }}?\n\n```python\na = 1\n```"
    text = html(project, card("recall", question=question))
    inside = text.partition("<details>")[0]
    assert "<math" in inside and "<code>f(x)</code>" in inside
    assert ">5.0</span>" in inside and '<div class="highlight">' in inside


def test_a_numeric_card_knows_the_whole_value_and_shows_the_rounded(project: Project):
    options = "    answer: {{ line.end(slope=1, shift=3):.1e }}\n    within: 5%\n"
    text = html(project, card("numeric", options))
    assert 'kind="numeric" value="13.0" within="5%"' in text
    assert re.search(
        r'<p class="value"><span class="pinned"[^>]*>1.3×10¹</span></p>', text
    )


VARY = "    answer: {{ line.end:.2f }}\n    within: 0.01\n    vary: slope\n"


def test_a_numeric_card_may_vary_with_knobs_that_its_question_states(project: Project):
    text = html(project, card("numeric", VARY, "It rises by {{ line.slope:g }}?"))
    assert 'vary="slope" within="0.01"' in text
    assert (
        '<span class="varied" data-figure="line.figure" data-quote="slope:g">' in text
    )


def test_a_predict_card_hides_what_the_last_statement_prints(project: Project):
    code = "```pycon\n>>> 1 + 1\n2\n>>> print(f'{3}\\n{4}')\n3\n4\n\n```"
    text = html(project, card("predict", question=code))
    question, _, answer = text.partition("<details>")
    assert 'kind="predict" prints="3\n4"' in question
    shown = re.sub("<[^>]*>", "", question)
    assert "&gt;&gt;&gt; 1 + 1\n2\n" in shown and "\n3" not in shown
    assert "<pre><code>3\n4</code></pre>" in answer
    assert "live-code" not in text  # running it would tell


def test_a_choice_card_marks_the_right_one(project: Project):
    question = "Which?\n\n- [ ] *this*\n- [x] that $x$\n- [ ] `those`"
    text = html(project, card("choice", question=question))
    assert re.findall(r"<li( data-right=\"\")?>([^ ]+?)(?= |</li>)", text) == [
        ("", "<em>this</em>"),
        (' data-right=""', "that"),
        ("", "<code>those</code>"),
    ]


def test_a_figure_stands_still_in_a_card(project: Project):
    still = "/// still | line\n    alt: A line to {{ line.end():.0f }} m.\n///"
    source = card("recall", question=f"What is it?\n\n{still}")
    source = source.replace("/// recall", "//// recall").replace(
        "So.\n///", "So.\n////"
    )
    text = html(
        project, f"/// figure | line\n    alt: A line.\n\nSee.\n///\n\n{source}"
    )
    _, _, asked = text.partition("<study-card")
    assert 'aria-label="A line to 5 m."' in asked and "<svg" in asked
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    named = set(re.findall(r"url\(#([^)]*)\)|href=\"#([^\"]*)\"", asked))
    assert {one or other for one, other in named} <= set(ids)


def test_code_with_slashes_does_not_end_a_card():
    lines = ["/// recall | a-b", "```", "///", "```", "x", "///", "y"]
    assert cards.within(lines) == ["a-b"] * 6 + [None]


def test_answers_can_be_hidden_and_each_question_has_its_own(project: Project):
    text = html(project, "# T\n\nIntro.\n\n## A? {#a}\n\nOne.\n\nTwo.\n\n## Note\n\nN.")
    assert text.replace("\n", "") == (
        '<h1 id="t">T</h1><p>Intro.</p><study-quiz></study-quiz><h2 id="a">A?</h2>'
        '<div class="answer"><p>One.</p><p>Two.</p></div>'
        '<h2 id="note">Note</h2><p>N.</p><study-read></study-read>'
    )


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("/// recall | Peak\nQ\n///", "3: 'Peak' is no card's id, such as topic-idea"),
        (card("recall") + "\n" + card("recall"), "12: card the-card is already on"),
        ("/// recall | a-b\nQ\n\nA\n///", "3: a-b: a card is its question, a line of"),
        ("/// recall | a-b\nQ\n---\nA\n///", "3: a-b: a card is its question"),
        ("/// recall | a-b\n    also: x\n\nQ\n///", "3: the block of card a-b cannot"),
        ("/// recall | a-b\nQ\n\n---\n\nA", "3: the block of card a-b cannot"),
        (card("recall", question="{{ line.ends() }}"), "5: no figure reports"),
        (card("recall", question="{{ line.end }}"), "3: the-card: pin {{ line.end }}"),
        (card("numeric"), "3: the-card: `answer:` has to be one {{"),
        (card("numeric", "    answer: 5\n"), "3: the-card: `answer:` has to be one"),
        (card("numeric", "    answer: {{ line.end() }}\n"), "3: the-card: `within:`"),
        (
            card("numeric", "    answer: {{ line.way() }}\n    within: 1%\n"),
            "3: the-card: {{ line.way() }} is a text, not a number",
        ),
        (
            card("numeric", VARY),
            "3: the-card: the question does not say {{ … .slope }}",
        ),
        (
            card("numeric", VARY.replace("slope", "shift")),
            "3: the-card: shift is no drawn knob of line.figure",
        ),
        (
            card("numeric", VARY, "${{ line.slope:g }}$ {{ line.slope:g }}"),
            "8: {{ line.slope:g }} varies, so it cannot stand in a formula",
        ),
        (card("predict"), "3: the-card: its question has no ```pycon block"),
        (card("choice"), "3: the-card: expected a list of `- [ ] …` with one"),
        (card("choice", question="- [x] a\n- [x] b"), "3: the-card: expected a list"),
        ("/// still | line\n\n///", "3: still line has no alt: text"),
        ("/// still | lime\n///", "3: no snippet lime; did you mean line?"),
    ],
)
def test_a_wrong_card_is_told_with_page_and_line(project: Project, page, told):
    path = project.page("wrong", f"---\n---\n{page}\n")
    with pytest.raises(PageError) as caught:
        html(project, page)
    assert caught.value.message.startswith(f"{path}:{told}")


def site(project: Project, folder: Path, text: str) -> dict[str, object]:
    """The deck of a built site with this page."""
    page = folder / "part" / "page" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<html>{html(project, text)}</html>", "utf-8")
    (folder / "assets").mkdir()
    deck.write(folder, Drawn(project.folder))
    return deck.read(folder)


def test_the_deck_has_cards_with_their_questions(project: Project, tmp_path: Path):
    text = "# Title\n\n## One? {#one}\n\nIt.\n\n" + card(
        "recall", answer="[there](../other/#x), [here](#one), [out](https://a.test/b)"
    )
    found = site(project, tmp_path, text)
    assert found["sections"] == {"part": "part"}
    assert found["pages"] == {
        "part/page/": {
            "title": "Title",
            "section": "part",
            "tags": [],
            "questions": {"one": "One?"},
        }
    }
    (only,) = found["cards"]  # type: ignore[misc]
    assert (only["id"], only["page"], only["question"]) == (
        "the-card",
        "part/page/",
        "one",
    )
    assert re.findall('href="([^"]*)"', only["html"]) == [
        "{root}part/other/#x",
        "{root}part/page/#one",
        "https://a.test/b",
    ]


def test_the_deck_has_an_asking_for_each_value(project: Project, tmp_path: Path):
    (only,) = site(project, tmp_path, card("numeric", VARY, "By {{ line.slope:g }}?"))[
        "cards"
    ]  # type: ignore[misc]
    by_slope = {each["texts"]["slope:g"]: each["value"] for each in only["instances"]}
    # The default of the other knobs: shift 0, over a way of 10.
    assert by_slope == {"−1": -10, "−0.5": -5, "0": 0, "0.5": 5, "1": 10}
    assert only["instances"][0]["texts"]["end:.2f"] == "−10.00"


def test_the_deck_and_its_places_are_scripts_that_only_set_a_name(
    project: Project, tmp_path: Path
):
    site(project, tmp_path, card("recall", answer="</script>"))
    text = (tmp_path / "assets" / "cards.js").read_text("utf-8")
    assert text.startswith("globalThis.studyDeck = ") and text.endswith(";\n")
    json.loads(text.removeprefix("globalThis.studyDeck = ").rstrip(";\n"))
    text = (tmp_path / "assets" / "places.js").read_text("utf-8")
    (place,) = json.loads(text.removeprefix("globalThis.studyPlaces = ").rstrip(";\n"))
    assert place == {"id": "the-card", "page": "part/page/", "question": ""}


def test_askings_are_thinned_without_leaving_a_knobs_value_out(
    project: Project, tmp_path: Path
):
    project.snippet("grid", GRID)
    assert project.figures("grid").returncode == 0
    options = "    answer: {{ grid.sum }}\n    within: 0\n    vary: a, b\n"
    text = card("numeric", options, "{{ grid.a }} and {{ grid.b }}?")
    (only,) = site(project, tmp_path, text)["cards"]  # type: ignore[misc]
    assert len(only["instances"]) == deck.INSTANCES
    for knob in ("a:", "b:"):
        assert {each["texts"][knob] for each in only["instances"]} == set("01234567")
