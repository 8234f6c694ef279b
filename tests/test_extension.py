"""Markdown in, exact text out; every wrong name with page, line and what is near."""

import re

import markdown
import pytest
from small_project import LINE, Project

from study.extension import PageError

EXTENSIONS = {
    "attr_list": {},
    "tables": {},
    "toc": {},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.superfences": {},
    "study.extension": {},
}


@pytest.fixture
def project(paged: Project) -> Project:
    return paged


def converter(project: Project) -> markdown.Markdown:
    configs = {**EXTENSIONS, "study.extension": {"project": str(project.folder)}}
    return markdown.Markdown(extensions=list(configs), extension_configs=configs)


PINNED = re.compile(r'<span class="pinned"[^>]*>(.*?)</span>')


def html(project: Project, text: str) -> str:
    """What a page becomes; what ties a pinned number to its figure has its own test."""
    return PINNED.sub(r"\1", converter(project).convert(text))


def test_a_pinned_number_says_where_it_comes_from(project: Project):
    source = "{{ line.end(slope=1, shift=3):g }} and {{ line.way() }}"
    assert converter(project).convert(source) == (
        '<p><span class="pinned" data-figure="line.figure" data-quote="end:g"'
        ' data-at="{&quot;slope&quot;: 1, &quot;shift&quot;: 3}">13</span> and'
        ' <span class="pinned" data-figure="line.figure" data-quote="way:"'
        ' data-at="{}">up</span></p>'
    )


def test_code_of_a_snippet_and_examples_say_what_they_need_to_run(project: Project):
    project.snippet(
        "other", "import line\n\n\n# --8<-- [start:a]\nb = 1\n# --8<-- [end:a]\n"
    )
    page = (
        '```python\n--8<-- "other.py:a"\n```\n\n```python\nc = 2\n```\n\n'
        "```pycon\n>>> import other\n```\n"
    )
    text = html(project, page)
    assert '<live-code snippet="other" lines="4-4" uses="line"><div' in text
    assert '<live-code examples uses="line other"><div' in text
    assert text.count("<live-code") == text.count("</pre></div></live-code>") == 2


FIGURE = "/// figure | line\n    alt: A line up to {{ line.end:.1f }} m.\n\nSee.\n///\n"
MOVING = '<span class="quote" data-figure="line.figure" data-quote="end:.1f">5.0</span>'


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ line.end():.2f }}", "5.00"),
        ("{{line.end()}}", "5.0"),
        ("{{ line.end(slope=1, shift=3):g }} m", "13 m"),
        ("{{ line.end(slope=-1):.1f }}", "−10.0"),
        ("{{ line.end():.1e }}", "5.0"),
        ("{{ line.end(slope=1, shift=3):.1e }}", "1.3×10¹"),
        ("{{ line.way() }}", "up"),
        ("{{ line.way():.3f }}", "up"),
        ("{{ line.slope() }}", "0.5"),
        ("**{{ line.end():.0f }}**", "<strong>5</strong>"),
    ],
)
def test_a_pinned_number_becomes_text(project: Project, source: str, shown: str):
    assert html(project, source) == f"<p>{shown}</p>"


def test_a_number_follows_its_figure(project: Project):
    text = html(project, f"{FIGURE}\nIt ends at {{{{ line.end:.1f }}}}.")
    assert text.endswith(f"<p>It ends at {MOVING}.</p>")


def test_a_number_in_a_caption_follows_too(project: Project):
    text = html(project, FIGURE.replace("See.", "Up to {{ line.end:.1f }}."))
    assert f"<figcaption>\n<p>Up to {MOVING}.</p>\n</figcaption>" in text


def test_alt_text_holds_the_number_and_how_to_renew_it(project: Project):
    text = html(project, FIGURE)
    assert 'role="img" aria-label="A line up to 5.0 m."' in text
    assert 'data-alt="A line up to {{end:.1f}} m."' in text


def test_alt_text_without_moving_numbers_needs_no_template(project: Project):
    text = html(project, FIGURE.replace("line.end", "line.end()"))
    assert 'aria-label="A line up to 5.0 m."' in text and "data-alt" not in text


def test_an_attribute_gets_the_number_as_text(project: Project):
    text = html(project, "[a](b.md){title='at {{ line.end():.0f }}'}")
    assert 'title="at 5"' in text


def test_the_markup_of_a_figure(project: Project):
    text = html(project, FIGURE)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    assert box
    text = re.sub(r"<svg.*?</svg>", "<svg/>", text, flags=re.DOTALL)
    key = re.search(r"line\.figure\.([0-9a-f]{16})\.json", text)
    assert key
    assert text == (
        '<figure class="study">\n'
        f'<div><study-figure name="line.figure" drawings="line.figure.{key[1]}.json"'
        ' more="">'
        '<div class="drawing" role="img" aria-label="A line up to 5.0 m."'
        ' data-alt="A line up to {{end:.1f}} m."'
        f' style="--shape: {box[1]} / {box[2]}" data-search-exclude><svg/></div>'
        '<div class="knobs" data-search-exclude>'
        '<label class="knob"><span>slope</span>'
        '<input type="range" name="line.figure.slope" min="0" max="4" value="3"'
        ' data-values="[&quot;−1&quot;,&quot;−0.5&quot;,&quot;0&quot;,&quot;0.5&quot;,'
        '&quot;1&quot;]" aria-valuetext="0.5"><span class="value">0.5</span></label>'
        '<fieldset class="knob"><legend>line</legend>'
        '<label><input type="radio" name="line.figure.kind" value="0" checked>thin'
        "</label>"
        '<label><input type="radio" name="line.figure.kind" value="1">thick</label>'
        "</fieldset></div></study-figure></div>\n"
        "<figcaption>\n<p>See.</p>\n</figcaption>\n</figure>"
    )


def test_a_number_in_a_formula_moves_in_html_and_mathml(project: Project):
    text = html(project, FIGURE + "\n$y = {{ line.end:.1f }}$")
    ties = 'class="quote" data-figure="line.figure" data-quote="end:.1f"'
    assert f'<mrow {ties} data-math="mathml"><mrow><mn>5.0</mn></mrow></mrow>' in text
    assert f'<span {ties} data-math="html"><span class="mord">5.0</span></span>' in text
    assert '<annotation encoding="text/plain">y = 5.0</annotation>' in text


def test_a_formula_turns_e_notation_into_a_power(project: Project):
    text = html(project, "$$\ny = {{ line.end(slope=1, shift=3):.1e }}\n$$")
    assert "<mn>1.3</mn><mo>×</mo>" in text
    assert "y = 1.3×10¹</annotation>" in text


def test_code_is_left_alone(project: Project):
    fenced = "\n\n~~~\n{{ no.such }}\n~~~\n"
    text = html(project, "`{{ line.end }}` ``{{ a.b }} ` ``" + fenced)
    assert "<code>{{ line.end }}</code>" in text and "{{ no.such }}" in text


def test_tex_with_double_braces_is_left_alone(project: Project):
    assert "<mi>b</mi>" in html(project, "$a^{{b}}$")


def test_a_heading_with_a_formula_is_listed_readably(project: Project):
    converted = converter(project)
    converted.convert(r"# Why is $\sigma'(0) = \frac{1}{4}$ *so* small?")
    assert converted.toc_tokens[0]["name"] == "Why is σ′(0) = 1/4 so small?"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("{{ lime.end() }}", "3: no snippet lime; did you mean line?"),
        ("a\n{{ line.ends() }}", "4: no figure reports line.ends; did you mean end?"),
        ("{{ line.end(slop=1) }}", "3: no knob slop; did you mean slope?"),
        ("{{ line.end(slope=7) }}", "3: slope=7 is not a value of the knob"),
        (
            "{{ line.end(shift=9) }}",
            "3: figure(slope=0.5, kind='thin', shift=9) is",
        ),
        ("{{ line.end(3) }}", "3: (3) does not name knobs"),
        ("{{ line.end():q }}", "3: Unknown format code 'q'"),
        ("{{ line end }}", "3: {{ line end }} is no quoted number"),
        ("a {{ line.end }}", "3: {{ line.end }} follows line.figure, which is not on"),
        ("# It is {{ line.end() }}", "3: {{ line.end() }} cannot stand in a heading"),
        ("a\n\n/// figure | lines\n///", "5: no snippet lines; did you mean line?"),
        (
            "/// figure | line.fig\n///",
            "3: no figure line.fig; did you mean line.fig",
        ),
        ("/// figure | line\n\nSee.\n///", "3: line.figure has no alt: text"),
        (FIGURE + "\n" + FIGURE, "9: line.figure is already on this page"),
        (
            "/// figure | line\n    alt: A: b: c\n///",
            "3: the block of figure line.",
        ),
        ("/// figure | line\n    also: x\n///", "3: the block of figure line."),
        ('~~~\n--8<-- "lime.py"\n~~~', "4: no snippet lime.py; did you mean line?"),
        ('~~~\n--8<-- "line.py:hight"\n~~~', "4: no section hight in line.py; did you"),
        (r"b $\nosuch x$", r"3: formula $\nosuch x$: "),
        ("a\n\n$$\n\\frac{1\n$$", "6: formula $\\frac{1$: "),
        (r"$\bad {{ line.end() }}$", r"3: formula $\bad {{ line.end() }}$: "),
    ],
)
def test_a_mistake_names_page_line_and_what_is_near(project: Project, page, told):
    path = project.page("wrong", f"---\n---\n{page}\n")
    with pytest.raises(PageError) as caught:
        html(project, page)
    assert caught.value.message.startswith(f"{path}:{told}")


def test_a_snippet_never_drawn_says_what_to_run(project: Project):
    path = project.snippet("fresh")
    with pytest.raises(PageError, match="fresh is not drawn; run `make figures`"):
        html(project, "{{ fresh.end() }}")
    path.unlink()


def test_a_broken_snippet_keeps_its_earlier_drawing_with_a_warning(
    project: Project, caplog: pytest.LogCaptureFixture
):
    project.snippet("line", LINE + "(")
    try:
        assert html(project, "{{ line.end():.0f }}") == "<p>5</p>"
    finally:
        project.snippet("line")
    assert "line is broken" in caplog.text and "SyntaxError" in caplog.text


def test_a_mistake_has_a_place_of_its_own(project: Project):
    md = converter(project)
    md.registerExtensions(
        ["pymdownx.blocks.admonition"],
        {"pymdownx.blocks.admonition": {"types": ["mistake"]}},
    )
    text = "/// mistake | It's a lie: $x$, or is it more than eight words?\nNo.\n///\n"
    name = "mistake-its-a-lie-x-or-is-it-more"
    assert f'<div class="admonition mistake" id="{name}">' in md.convert(text)


def test_two_mistakes_that_begin_alike_are_told(project: Project):
    project.page(
        "alike", "/// mistake | A b.\nNo.\n///\n\n/// mistake | A, b?\nNo.\n///"
    )
    text = (project.folder / "docs" / "alike.md").read_text("utf-8")
    with pytest.raises(PageError, match=r"alike\.md:5: mistake-a-b is on this page"):
        html(project, text)


def test_a_list_that_is_not_known_is_told(project: Project):
    page = project.page("lists", "Words.\n\n[[mistake]]\n")
    with pytest.raises(
        PageError,
        match=r"lists\.md:3: no list \[\[mistake\]\]; did you mean \[\[mistakes",
    ):
        html(project, page.read_text("utf-8"))


def test_a_link_to_elsewhere_says_so(project: Project):
    text = html(project, "[a](https://example.org/) and [b](pins.md)")
    assert '<a href="https://example.org/" rel="external">a</a>' in text
    assert '<a href="pins.md">b</a>' in text
