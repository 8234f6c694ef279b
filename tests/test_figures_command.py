"""scripts/figures.py on a small project: what is drawn, kept, refused and told."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from small_project import LINE, ROOT, Project


def test_a_second_run_draws_nothing_and_changes_no_byte(project: Project):
    assert "10 drawings" in project.figures().stdout  # 5 × 2
    before = project.drawings()
    again = project.figures()
    assert (again.returncode, again.stdout) == (0, "")
    assert project.drawings() == before


def test_two_fresh_runs_give_the_same_bytes(project: Project):
    project.figures()
    before = project.drawings()
    shutil.rmtree(project.folder / ".cache")
    project.figures("--workers=1")
    assert project.drawings() == before


def test_an_edited_snippet_is_redrawn_and_the_other_is_not(drawn: Project):
    drawn.snippet("other")
    drawn.figures()
    before = drawn.drawings()
    drawn.snippet("line", LINE.replace("slope * x", "slope * x / 2"))
    assert drawn.figures("--list").stdout.count("stale") == 1
    drawn.figures()
    after = drawn.drawings()
    assert all(after[name] == before[name] for name in before if "other/" in name)
    assert after["line/latest"] != before["line/latest"]


def test_a_snippet_is_redrawn_when_one_that_it_imports_changes(project: Project):
    project.snippet("user", LINE.replace("import numpy", "import part\nimport numpy"))
    part = project.snippet("part", '"""A part."""\n\nHALF = 0.5\n')
    project.figures()
    part.write_text('"""A part."""\n\nHALF = 0.25\n', encoding="utf-8")
    stale = project.figures("--check")
    assert stale.returncode == 1
    assert "user" in stale.stdout and "line" not in stale.stdout


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("# --8<-- [start:height]", "# --8<-- [start:h]"),
        lambda text: text + "\n\n# A remark.\n",
        lambda text: text.replace("slope * x", "(slope\n        * x)"),
    ],
)
def test_comments_and_layout_redraw_nothing(drawn: Project, change):
    drawn.snippet("line", change(LINE))
    assert drawn.figures("--check").returncode == 0


def test_an_edited_style_redraws_everything(drawn: Project):
    style = drawn.folder / "snippets" / "study.mplstyle"
    style.write_text(style.read_text() + "lines.linewidth: 3\n")
    assert "line  stale" in drawn.figures("--check").stdout


def test_names_and_globs_choose_and_an_unknown_name_is_told(project: Project):
    project.snippet("other")
    assert project.figures("o*").returncode == 0
    assert "line  stale" in project.figures("--list").stdout
    wrong = project.figures("lien")
    assert wrong.returncode == 1
    assert "no snippet named lien; did you mean line?" in wrong.stderr


def test_force_draws_again_to_the_same_bytes(drawn: Project):
    before = drawn.drawings()
    assert "10 drawings" in drawn.figures("--force", "line").stdout
    assert drawn.drawings() == before


def test_defaults_alone_leave_the_other_positions_stale(project: Project):
    assert "1 drawings" in project.figures("--defaults").stdout
    assert "line.figure" in project.figures("--check").stdout


def test_a_position_that_a_page_pins_is_computed(drawn: Project):
    drawn.page("p", "{{ line.end(slope=1, shift=3):.1f }} {{ line.end(slope=7) }}")
    assert drawn.figures("--check").returncode == 1
    drawn.figures()
    [pins] = [v for k, v in drawn.drawings().items() if k.endswith("pins.json")]
    assert json.loads(pins.partition(b"\n")[2]) == {
        "figure(slope=1.0, kind='thin', shift=3)": {"end": 13.0, "way": "up"}
    }
    assert drawn.figures("--check").returncode == 0


def test_a_figure_has_no_more_drawings_than_leading_knobs_combine_to(drawn: Project):
    # `shift` has 100 values: 5 × 2 × 100 is too many.
    listed = drawn.figures("--list").stdout
    assert listed == "line.figure    10 drawings  slope, kind, shift\n"


RAISES = LINE.replace("    ax = fig", "    1 / (slope - 0.5)\n    ax = fig")
BROKEN = {
    "it raises": (RAISES, ":25: ZeroDivisionError: float division by zero"),
    "it raises at one position": (
        RAISES.replace("0.5)\n", "1.0)\n"),
        "while drawing figure(slope=1.0, kind='thin', shift=0)",
    ),
    "its syntax is wrong": (LINE + "def (:\n", "line.py:30: SyntaxError"),
    "it returns no facts": (LINE.replace("return {", "{"), "returns no facts"),
    "a fact is NaN": (
        LINE.replace('+ shift, "way', '+ np.nan, "way'),
        "fact end is NaN",
    ),
    "a fact is a list": (
        LINE.replace('"end": h', '"end": [0] or h'),
        "fact end is [0]",
    ),
    "a fact has a knob's name": (LINE.replace('"way"', '"kind"'), "fact 'kind' needs"),
    "a default is off its values": (
        LINE.replace("] = 0.5", "] = 0.3"),
        "slope=0.3 is not a value of the knob",
    ),
    "a first knob has too many values": (
        LINE.replace("np.linspace(-1, 1, 5)", "np.linspace(-1, 1, 125)"),
        "first knob slope has 125 values, at most 121",
    ),
    "it draws nothing": (
        re.sub("    ax = .*?    return", "    return", LINE, flags=re.DOTALL),
        "draws nothing",
    ),
    "its facts change with a knob": (
        LINE.replace(
            "    return {", "    if slope == 1:\n        return {'a': 1}\n    return {"
        ),
        "reports other facts",
    ),
    "it ends its process": (
        LINE.replace("    ax = fig", "    import os; os._exit(3)\n    ax = fig"),
        "line ended its process: exit status 3",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_snippet_is_told_while_others_are_drawn_and_its_own_kept(
    drawn: Project, case: str
):
    before = drawn.drawings()
    text, message = BROKEN[case]
    drawn.snippet("line", text)
    drawn.snippet("other")
    done = drawn.figures()
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "snippets/line.py" in done.stderr or "line.py: line" in done.stderr
    after = drawn.drawings()
    assert [name for name in after if name.startswith("other/")]
    earlier = {k: v for k, v in before.items() if k != "line/latest"}
    assert earlier.items() <= after.items()


def test_killing_it_at_any_moment_leaves_only_whole_files(drawn: Project):
    whole = drawn.drawings()
    for pause in (0.4, 0.7, 1.0, 1.3):
        shutil.rmtree(drawn.folder / ".cache", ignore_errors=True)
        command = [sys.executable, str(ROOT / "scripts" / "figures.py")]
        run = subprocess.Popen(
            [*command, f"--project={drawn.folder}", "--workers=1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(pause)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        for name, data in drawn.drawings().items():
            if not name.rpartition("/")[2].startswith("."):
                assert data == whole[name]
    drawn.figures()
    kept = {k: v for k, v in drawn.drawings().items() if "/." not in k}
    assert kept == whole


def test_another_python_is_told_how_to_run_it(tmp_path):
    bare = [sys.executable, "-S", "-I", str(ROOT / "scripts" / "figures.py")]
    done = subprocess.run(bare, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert "make figures" in done.stderr and "Traceback" not in done.stderr


def test_an_interrupt_in_the_middle_of_a_fork_is_not_lost(project: Project):
    # Python drops what is raised while it runs the hooks of a fork.
    code = (
        "import os, signal, sys, figures\n"
        "os.register_at_fork(\n"
        "    after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        ")\n"
        f"sys.exit(figures.main(['--project', {str(project.folder)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "scripts",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr == "stopped; what is drawn is kept\n"


def test_the_project_may_be_named_from_where_one_stands(project: Project):
    command = [sys.executable, str(ROOT / "scripts" / "figures.py")]
    run = subprocess.run(
        [*command, f"--project={project.folder.name}", "--defaults"],
        cwd=project.folder.parent,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_coordinates_lose_what_no_screen_shows_and_texts_keep_their_digits(
    project: Project,
):
    shown = LINE.replace('xlabel="x (m)"', 'xlabel="0.12345 and 3.000"')
    project.snippet("line", shown)
    assert project.figures("--defaults").returncode == 0
    defaults = next(data for n, data in project.drawings().items() if "defaults" in n)
    svg = json.loads(defaults.partition(b"\n")[2])["figure"]["svg"]
    assert ">0.12345 and 3.000<" in svg
    drawn = re.sub(">[^<]+<", "><", svg)
    assert not re.search(r"\d\.\d{3}|\d\.\d0\b", drawn)
    assert re.search(r"\d\.\d\d\b", drawn)
