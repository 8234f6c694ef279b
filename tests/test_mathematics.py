"""Formulas: real Node, real KaTeX, and the very parser of Material's search."""

import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material.plugins.search.plugin import Parser

from study.mathematics import Mathematics, MathError, readable
from study.numerals import plain

NO_NODE = Path("no", "such", "node")
SLOT = "\ue000{} {}\ue001"


@pytest.fixture(scope="session")
def mathematics(tmp_path_factory):
    """With all formulas of this file in its cache, by one start of Node."""
    mathematics = Mathematics(tmp_path_factory.mktemp("math"))
    numbers = [r"\quoted{0}", TALLEST, "{5}"]
    formulas = [*(tex for tex, _ in LINES), *PLACES.values(), *FORMULAS, *numbers]
    formulas += [tex % number for tex in ROOMS + SPACED for number in numbers]
    mathematics.render((tex, display) for tex in formulas for display in (False, True))
    return mathematics


@pytest.fixture(scope="session")
def refused(tmp_path_factory):
    """KaTeX's words for each broken formula."""
    with pytest.raises(MathError) as caught:
        Mathematics(tmp_path_factory.mktemp("math")).render(
            (tex, False) for tex, _ in BROKEN
        )
    errors = [caught.value, *caught.value.others]
    return {error.tex: str(error) for error in errors}


@pytest.fixture
def html(mathematics):
    """One formula's template."""

    def render(tex, display=False):
        return mathematics.render([(tex, display)])[tex, display]

    return render


def parsed(template):
    """The template as XML; the <math> in it without its namespace."""
    xmlns = ' xmlns="http://www.w3.org/1998/Math/MathML"'
    text = template.replace(xmlns, "").replace("data-search-exclude", 'out="yes"')
    return ElementTree.fromstring(text)


def struts(template):
    """(height, depth below the baseline) in em of each piece of a line."""
    style = r'"katex-strut" style="height:([\d.]+)em;(?:vertical-align:-([\d.]+)em;)?'
    return [(float(h), float(d or 0)) for h, d in re.findall(style, template)]


# --- Typesetting and its cache ------------------------------------------------------


def test_an_inline_formula_has_mathml_and_hidden_html(html):
    root = parsed(html("x^2"))
    assert root.get("class") == "katex"
    assert root.find(".//math//msup/mn").text == "2"
    assert root.find("math-html[@class='katex-html']").get("aria-hidden") == "true"


def test_a_display_formula_is_a_block(html):
    root = parsed(html(r"\sum_i x_i", True))
    assert root.get("class") == "katex-display"
    assert root.find(".//math").get("display") == "block"
    assert root.find("span/math-html") is not None


def test_tex_is_left_nowhere(html):
    assert "\\" not in html(r"\frac{\alpha}{2}")


def test_a_call_starts_one_process(tmp_path, monkeypatch):
    runs = []
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda *a, **k: runs.append(a) or run(*a, **k)
    )
    Mathematics(tmp_path).render(
        [("a", False), ("b", True), ("a", False), ("c", False)]
    )
    assert len(runs) == 1


def test_cached_formulas_start_no_process(tmp_path):
    formulas = [("a+b", False), ("a+b", True)]
    first = Mathematics(tmp_path).render(formulas)
    idle = Mathematics(tmp_path, node=NO_NODE)
    assert idle.render(formulas) == first
    with pytest.raises(FileNotFoundError):
        idle.render([("a+c", False)])


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b"mord", b"mold", 1),
        lambda data: b"\xff" + data,
    ],
    ids=["empty", "cut", "changed", "not text"],
)
def test_a_damaged_entry_is_typeset_again(tmp_path, damage):
    mathematics = Mathematics(tmp_path)
    whole = mathematics.render([("x", False)])
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(damage(entry.read_bytes()))
    assert mathematics.render([("x", False)]) == whole
    assert Mathematics(tmp_path, node=NO_NODE).render([("x", False)]) == whole


def test_another_version_of_katex_or_options_makes_other_entries(tmp_path):
    mathematics = Mathematics(tmp_path)
    mathematics.render([("x", False)])
    mathematics.stamp += "!"
    mathematics.render([("x", False)])
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Node is a shell script")
def test_a_node_that_fails_is_told_in_its_own_words(tmp_path):
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho no KaTeX here >&2\nexit 3\n")
    node.chmod(0o755)
    with pytest.raises(RuntimeError, match="no KaTeX here"):
        Mathematics(tmp_path / "cache", node).render([("x", False)])


# --- Broken formulas ----------------------------------------------------------------


BROKEN = [
    (r"1 + \sigmoid(x)", r"Undefined control sequence: \sigmoid at position 5"),
    (r"\frac{1}{2", "expected '}'"),
    ("50 % of", "% comment"),
    ("x = é", "Accented Unicode text character"),
    (r"\text{α}", "Unrecognized Unicode character"),
    (r"\href{https://example.org}{x}", r"\href is not allowed"),
    (r"\htmlClass{quote}{x}", "HTML extension is disabled"),
    (r"\quoted{x}", r"\quoted takes a slot number, not 'x'"),
    (r"\text{\quoted{1}}", r"Can't use function '\quoted' in text mode"),
]


@pytest.mark.parametrize(("tex", "reason"), BROKEN)
def test_a_broken_formula_is_refused_in_katex_words(refused, tex, reason):
    assert reason in refused[tex]


def test_all_broken_formulas_of_a_call_are_found_and_the_others_kept(tmp_path):
    formulas = [(r"\one", False), ("x", False), (r"\two", True)]
    with pytest.raises(MathError, match=r"\\one") as caught:
        Mathematics(tmp_path).render(formulas)
    assert [error.tex for error in caught.value.others] == [r"\two"]
    assert Mathematics(tmp_path, node=NO_NODE).render([("x", False)])


# --- Slots for quoted numbers -------------------------------------------------------

PLACES = {
    "alone": r"\quoted{7}",
    "sum": r"x = 2 + \quoted{7} y",
    "beside a number": r"2\quoted{7}3",
    "numerator": r"\frac{\quoted{7}}{2}",
    "denominator": r"\frac{x}{1 - \quoted{7}}",
    "superscript": r"e^{-\quoted{7}}",
    "bare superscript": r"e^\quoted{7}",
    "subscript": r"x_{\quoted{7}}",
    "root": r"\sqrt{\quoted{7}}",
    "base": r"\quoted{7}^2",
    "accent": r"\overline{\quoted{7}}",
    "fence": r"\left(\quoted{7}\right)",
    "table": r"\begin{cases} \quoted{7} & x \\ 0 & y \end{cases}",
    "colour": r"\textcolor{red}{\quoted{7}}",
    "brace": r"\underbrace{\quoted{7}}_{n}",
}


@pytest.mark.parametrize("display", [False, True], ids=["inline", "display"])
@pytest.mark.parametrize("tex", PLACES.values(), ids=PLACES)
def test_a_slot_is_open_once_in_html_mathml_and_text(html, tex, display):
    template = html(tex, display)
    kinds = Counter(re.findall("\ue000(.*?)\ue001", template))
    assert kinds == {"html 7": 1, "mathml 7": 1, "text 7": 1}
    root = parsed(template)
    assert SLOT.format("html", 7) in "".join(root.find(".//math-html").itertext())
    assert SLOT.format("text", 7) in root.find(".//annotation").text


@pytest.mark.parametrize("tex", PLACES.values(), ids=PLACES)
def test_an_element_fits_in_the_place_of_the_slot_in_mathml(html, tex):
    """No token element (mi, mn, mo, mtext) may hold another element."""
    filled = html(tex).replace(SLOT.format("mathml", 7), "<mrow><mn>5</mn></mrow>")
    above = {child: parent for parent in parsed(filled).iter() for child in parent}
    (number,) = (node for node in above if node.tag == "mn" and node.text == "5")
    assert above[above[number]].tag not in {"mi", "mn", "mo", "mtext"}


def test_a_slot_in_a_fraction_is_the_whole_numerator(html):
    fraction = parsed(html(r"\frac{\quoted{0}}{2}")).find(".//mfrac")
    assert fraction.text == SLOT.format("mathml", 0)
    assert [part.tag for part in fraction] == ["mn"]


def test_a_slot_takes_the_colour_around_it(html):
    spans = parsed(html(r"\textcolor{red}{\quoted{0}}")).iter("span")
    (span,) = (span for span in spans if span.text == SLOT.format("html", 0))
    assert span.get("style") == "color:red;"


TALLEST = "{-10^{-9}}"  # the tallest a number gets, by KaTeX's own reckoning
ROOMS = [r"\frac{1}{%s}", r"\frac{%s}{2}", "x^{%s}", "x_{%s}", r"\sqrt{%s}"]
SPACED = ["x = %s + 1", "3 %s y", r"-%s\times a", "f(%s, 2)"]


def test_a_slot_is_as_tall_and_deep_as_a_power_of_ten(html):
    assert struts(html(r"\quoted{0}")) == struts(html(TALLEST))


@pytest.mark.parametrize("display", [False, True], ids=["inline", "display"])
@pytest.mark.parametrize("tex", ROOMS[:-1])  # roots grow in larger steps
def test_a_formula_leaves_a_slot_the_room_of_a_power_of_ten(html, tex, display):
    """Within 0.11 em, by which KaTeX shifts exponents in scripts and denominators."""
    (slot,) = struts(html(tex % r"\quoted{0}", display))
    (number,) = struts(html(tex % TALLEST, display))
    assert slot == pytest.approx(number, abs=0.11)


@pytest.mark.parametrize("tex", ROOMS)
def test_a_formula_is_no_lower_for_a_slot_than_for_a_digit(html, tex):
    (slot,) = struts(html(tex % r"\quoted{0}"))
    (digit,) = struts(html(tex % "{5}"))
    assert slot[0] >= digit[0]


@pytest.mark.parametrize("tex", SPACED)
def test_a_slot_is_spaced_as_a_digit(html, tex):
    with_slot, with_digit = (
        re.findall(r'"mspace" style="margin-right:(.*?);"', html(tex % number))
        for number in (r"\quoted{0}", "{5}")
    )
    assert with_slot == with_digit


# --- One readable line --------------------------------------------------------------


LINES = [
    (r"\sigma'(x) = \sigma(x)\,(1 - \sigma(x))", "σ′(x) = σ(x) (1 − σ(x))"),
    (r"\sigma'(x)=\sigma(x)(1-\sigma(x))", "σ′(x) = σ(x)(1 − σ(x))"),
    (r"\frac{dL}{dx}", "dL/dx"),
    (r"\frac{\partial L}{\partial x_i}", "∂L/∂x_i"),
    (r"\frac{a+b}{c}", "(a + b)/c"),
    (r"\frac{1}{1 + e^{-x}}", "1/(1 + e^{−x})"),
    (r"\frac{1}{2\pi}", "1/(2π)"),
    (r"\sqrt{2\pi}", "√(2π)"),
    (r"\sqrt{n} + \sqrt[3]{x}", "√n + ³√x"),
    ("x^2 + 10^{-5}", "x² + 10⁻⁵"),
    (r"\sum_{i=1}^{n} x_i", "∑_{i=1}^n x_i"),
    (r"\frac{1}{n}\sum_{i=1}^{10}(x_i-\mu)^2", "1/n ∑_{i=1}^{10} (x_i − μ)²"),
    (r"\int_0^1 x\,dx", "∫_0^1 x dx"),
    (r"\left(1+\frac1n\right)^n", "(1 + 1/n)^n"),
    ("x = -1, y = |-x|", "x = −1, y = |−x|"),
    (r"\|x - y\|_2^2", "‖x − y‖_2²"),
    (r"P(A \mid B)", "P(A | B)"),
    (r"\hat y = \bar x + \tilde z", "ŷ = x̄ + z̃"),
    (r"\sin^2 x + x\log x", "sin² x + x log x"),
    (r"\frac{\sin x}{x}", "(sin x)/x"),
    (r"\operatorname{softmax}(z)_i", "softmax(z)_i"),
    (r"\lambda_{\max} / \lambda_{\min}^2", "λ_{max}/λ_{min}²"),
    (r"\max_{x \in \mathcal{X}} f(x) \le -1", "max_{x∈X} f(x) ≤ −1"),
    (r"W \in \R^{m \times n}", "W ∈ ℝ^{m×n}"),
    (r"\binom{n}{k}", "(n choose k)"),
    (r"\begin{pmatrix}1 & -2\\3 & 4\end{pmatrix}", "(1, −2; 3, 4)"),
    (r"\begin{aligned}a &= b\\c &= d\end{aligned}", "a = b; c = d"),
    (r"\begin{cases}x&\text{if }x>0\\0\end{cases}", "{x, if x > 0; 0"),
    (r"\text{TPR}=\frac{\text{TP}}{\text{TP}+\text{FN}}", "TPR = TP/(TP + FN)"),
    (r"X \overset{\text{iid}}{\sim} N(0, 1)", "X ∼^{iid} N(0, 1)"),
    (r"\underbrace{a+b}_{n}\phantom{z} := 3", "(a + b)_n := 3"),
    (r"a < b \,\&\, \textcolor{red}{c}", "a < b & c"),
    (r"\left.\frac{dy}{dx}\right|_{x=0}", "dy/dx|_{x=0}"),
    (r"{}^{14}\mathrm{C}", "¹⁴C"),
    (r"\Var(X) = \E[X^2]", "Var(X) = E[X²]"),
    (r"\Cov(σ, θ) ≤ 1", "Cov(σ, θ) ≤ 1"),
    (r"\text{false – “true”}", "false – “true”"),
    (r"2\quoted{1}^{\quoted{2}}", "2\ue000text 1\ue001^{\ue000text 2\ue001}"),
]


@pytest.mark.parametrize(("tex", "line"), LINES)
def test_a_formula_reads_as_one_line(html, tex, line):
    assert readable(html(tex)) == line


# --- Search -------------------------------------------------------------------------

FORMULAS = [
    r"\sqrt{2\pi} \ne \frac{a}{b}",  # an SVG, and elements without content
    r"\mathrm{\underbrace{x\quad y}_{\text{if } a<b}}",
    r"\begin{aligned}a &= b\\c &= \textcolor{red}{d}\end{aligned}",
    r"\left\{x^{\quoted{3}}\right\}",
]


@pytest.mark.parametrize("tex", FORMULAS)
@pytest.mark.parametrize("display", [False, True], ids=["inline", "display"])
@pytest.mark.parametrize(
    "page",
    [
        '<h2 id="a">A {} b</h2><p>End</p>',
        "<p>A {} b</p><p>End</p>",
        "<p>A <em><span>{}</span></em> b</p><p>End</p>",
        '<ul><li>A <span class="x">{} b</span></li></ul><p>End</p>',
    ],
)
def test_search_holds_a_formula_once_and_readably(html, page, tex, display):
    template = html(tex, display)
    assert search(page.format(template)) == search(page.format(line(template)))


def line(template):
    return readable(template).replace("<", "&lt;")


def search(page):
    """What Material's search keeps of a page: titles, then texts."""
    parser = Parser()
    parser.feed(page)
    parser.close()
    return [("".join(part.title), "".join(part.text)) for part in parser.data]


# --- Numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formatted", "printed"),
    [
        ("0.25", "0.25"),
        ("-0.5", "−0.5"),
        ("+0.5", "+0.5"),
        ("3.2e-05", "3.2×10⁻⁵"),
        ("-3.2E+12", "−3.2×10¹²"),
        ("1e+06", "10⁶"),
        ("-1e-07", "−10⁻⁷"),
        ("1.0e+06", "1.0×10⁶"),
        ("2.5e+00", "2.5"),
        ("1e+00", "1"),
        ("-0.00", "0.00"),
        ("-0e+00", "0"),
        ("inf", "∞"),
        ("-inf", "−∞"),
        ("INF", "∞"),
        ("25.0%", "25.0%"),
        ("-inf%", "−∞%"),
        ("1,234", "1,234"),
        ("   7", "7"),
        ("diverges", "diverges"),
        ("-5 to 3", "-5 to 3"),
        ("x-1e5", "x-1e5"),
        ("information", "information"),
        ("", ""),
    ],
)
def test_a_number_is_printed_as_in_a_book(formatted, printed):
    assert plain(formatted) == printed


@given(
    st.floats(allow_nan=False),
    st.sampled_from(["", ".3g", ".1e", ".2f", "g", "+.0e", ",.3f", ".1%", "_.1f"]),
)
def test_a_printed_number_keeps_its_value(number, code):
    formatted = format(number, code)
    printed = re.sub("×?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"e\1", plain(formatted))
    printed = re.sub("^([+−]?)e", r"\1 1e", printed).replace(" ", "")
    printed = printed.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-", ",%"))
    assert float(printed.replace("∞", "inf")) == float(re.sub("[,%]", "", formatted))


@pytest.mark.parametrize(
    ("text", "letters", "mathml"),
    [
        ("0.25", "0.25", "<mrow><mn>0.25</mn></mrow>"),
        ("−0.5", "−0.5", "<mrow><mo>−</mo><mn>0.5</mn></mrow>"),
        ("∞", "∞", "<mrow><mn>∞</mn></mrow>"),
        ("25.0%", "25.0%", "<mrow><mn>25.0%</mn></mrow>"),
        ("1,234", "1,234", "<mrow><mn>1,234</mn></mrow>"),
        ("10⁶", "106", "<mrow><msup><mn>10</mn><mn>6</mn></msup></mrow>"),
        (
            "−3.2×10⁻⁵",
            "−3.2×10−5",
            "<mrow><mo>−</mo><mn>3.2</mn><mo>×</mo><msup><mn>10</mn>"
            "<mrow><mo>−</mo><mn>5</mn></mrow></msup></mrow>",
        ),
        ("a <b> & \\c", "a\u00a0<b>\u00a0&\u00a0\\c",
         "<mtext>a\u00a0&lt;b&gt;\u00a0&amp;\u00a0\\c</mtext>"),
    ],
)  # fmt: skip
def test_a_number_is_a_fragment_of_html_and_of_mathml(
    mathematics, text, letters, mathml
):
    numbers = mathematics.numbers([text])
    html, given = numbers[text]
    assert given == mathml
    span = ElementTree.fromstring(html)
    assert "".join(span.itertext()) == letters
    assert span.get("class").split()[0] == "mord"
    assert not re.search('katex-base|strut"(?! style="height:2.7em)', html)


def test_a_power_of_ten_is_raised(mathematics):
    html, _ = mathematics.numbers(["10⁶"])["10⁶"]
    raised = ElementTree.fromstring(html).find(".//span[@class='msupsub']")
    assert "".join(raised.itertext()) == "6"


def test_numbers_without_a_power_start_no_process(tmp_path):
    idle = Mathematics(tmp_path, node=NO_NODE)
    assert len(idle.numbers(["0.5", "−7%", "never"])) == 3
    with pytest.raises(FileNotFoundError):
        idle.numbers(["10⁶"])


def test_a_number_fills_a_slot(mathematics, html):
    template = html(r"\frac{\quoted{0}}{2}")
    for kind, part in zip(
        ("html", "mathml"), mathematics.numbers(["10⁻⁵"])["10⁻⁵"], strict=True
    ):
        template = template.replace(SLOT.format(kind, 0), part)
    root = parsed(template)
    assert "".join(root.find(".//mfrac").itertext()) == "10−52"
    assert "".join(root.find(".//math-html").itertext()).strip("\u200b") == "210−5"
