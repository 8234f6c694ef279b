"""What is measured: each group's steps, and the rows they make."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from bench.measure import Found, Measured, Row, Steps, ratio, run
from bench.projects import (
    MkDocsGallery,
    Project,
    Shown,
    SphinxGallery,
    Study,
    StudySite,
    Unshown,
)

HERE = Path(__file__).parent
FLOOR = (sys.executable, str(HERE / "floor.py"), "snippets", "floor")
Kind = TypeVar("Kind", bound=Project)
Group = tuple[Steps, Callable[[Found], list[Row]]]


class Bench:
    """The projects in a temporary folder, and the groups of measurements."""

    def __init__(self, folder: Path, runs: int, small: int, large: int) -> None:
        self.folder, self.runs, self.small, self.large = folder, runs, small, large
        self._projects: dict[tuple[type[Project], int], Project] = {}
        self._warm: set[type[Project]] = set()

    def project(self, kind: type[Kind], count: int) -> Kind:
        """A project of this kind; the tool has run once on a small one, so that
        no measured run compiles its modules."""
        if kind not in self._warm:
            self._warm.add(kind)
            warm = kind(self.folder / f"{kind.__name__}-warm", 2)
            run(warm.command, warm.folder)
            home = Path(warm.command[0]).parents[1] / "lib"
            compiled = home.glob("*/site-packages/matplotlib/__pycache__/*.pyc")
            assert any(compiled), f"{home} holds no bytecode: it would be slow"
        if (kind, count) not in self._projects:
            self._projects[kind, count] = kind(
                self.folder / f"{kind.__name__}-{count}", count
            )
        found = self._projects[kind, count]
        assert isinstance(found, kind)
        return found

    def states(self, project: Project) -> dict[str, Callable[[], Measured]]:
        """A project's build cold, with nothing changed and with one snippet changed.
        What a run has drawn is looked at: doing nothing would be fast."""

        def build(state: str) -> Measured:
            if state == "cold":
                project.clear()
            before = {} if state == "cold" else project.drawings()
            if state == "one changed":
                project.edit()
            measured = run(project.command, project.folder)
            after = project.drawings()
            new = {name for name in after if before.get(name) != after[name]}
            first = {name for name in after if project.first in name}
            wanted = {"cold": set(after), "one changed": first}.get(state, set())
            if any(after.values()) or state == "cold":
                assert new == wanted, f"{project.folder.name}, {state}: drew {new}"
            shown = 0 if isinstance(project, Unshown) else project.count
            assert len(after) == shown, f"{project.folder.name}: {len(after)} drawn"
            return measured

        def step(state: str) -> Callable[[], Measured]:
            return lambda: build(state)

        return {state: step(state) for state in ("cold", "nothing", "one changed")}

    def drawing(self, count: int) -> Group:
        """The engine alone against the bare loop."""
        ours = self.project(Study, count)
        states = self.states(ours)
        steps: Steps = {
            "bare loop": lambda: run(FLOOR, ours.folder),
            "cold": states["cold"],
            "nothing": states["nothing"],
            "one changed": states["one changed"],
            "bare loop, one": lambda: run([*FLOOR, "1"], ours.folder),
            "halves": lambda: run([*FLOOR, "halves"], ours.folder),
            "forks": lambda: run([*FLOOR, "forks"], ours.folder),
        }
        target = count == 120

        def rows(found: Found) -> list[Row]:
            loops = [json.loads(one.output)["cpu"] for one in found["bare loop"]]
            cpu = [one.cpu for one in found["cold"]]
            figures = f"{count} figures"
            return [
                ratio(
                    f"drawing {figures}, CPU / bare loop",
                    found, "cold", "bare loop", "cpu", 1.08 if target else None,
                ),
                Row(
                    "the same, CPU / the loop without its imports",
                    [a / b for a, b in zip(cpu, loops, strict=True)],
                ),
                ratio(
                    "two bare loops at once, half each, CPU / bare loop",
                    found, "halves", "bare loop", "cpu",
                ),
                ratio(
                    "a fork a figure and nothing else, CPU / bare loop",
                    found, "forks", "bare loop", "cpu",
                ),
                ratio(
                    f"drawing {figures}, CPU / a fork a figure and nothing else",
                    found, "cold", "forks", "cpu",
                ),
                ratio(
                    f"drawing {figures}, wall / bare loop",
                    found, "cold", "bare loop", "wall", 0.55 if target else None,
                ),
                ratio(
                    "two bare loops at once, half each, wall / bare loop",
                    found, "halves", "bare loop",
                ),
                ratio(
                    f"one of {figures} changed, wall / bare loop for one",
                    found, "one changed", "bare loop, one",
                ),
                ratio(
                    f"nothing of {figures} changed, wall / bare loop for one",
                    found, "nothing", "bare loop, one",
                ),
            ]  # fmt: skip

        return steps, rows

    def site(self, count: int) -> Group:
        """The whole site against the galleries; a page a figure, as they have it."""
        tools = {
            kind.__name__: self.states(self.project(kind, count))
            for kind in (StudySite, MkDocsGallery, SphinxGallery)
        }
        steps: Steps = {
            f"{tool} {state}": states[state]
            for state in ("cold", "nothing", "one changed")
            for tool, states in tools.items()
        }
        ours = self.project(StudySite, count)
        steps["halves"] = lambda: run([*FLOOR, "halves"], ours.folder)
        limits = {"MkDocsGallery": 0.25, "SphinxGallery": 0.55}

        def rows(found: Found) -> list[Row]:
            names = {
                "MkDocsGallery": "mkdocs-gallery",
                "SphinxGallery": "sphinx-gallery",
            }
            return [
                ratio(
                    f"site of {count}, {state} / {names[peer]}",
                    found, f"StudySite {state}", f"{peer} {state}",
                    limit=limits[peer] if (state, count) == ("cold", 120) else None,
                )
                for state in ("cold", "nothing", "one changed")
                for peer in limits
            ] + [
                ratio(
                    f"two bare loops at once, half each, and no page / {names[peer]}",
                    found, "halves", f"{peer} cold",
                )
                for peer in limits
            ]  # fmt: skip

        return steps, rows

    def rebuild(self) -> Group:
        """Building the site again, three figures and some text a page."""
        shown = self.project(Shown, self.small)
        states = self.states(shown)
        bare = self.states(self.project(Unshown, self.small))
        states["cold"]()
        steps: Steps = {
            "nothing": states["nothing"],
            "no figures": bare["nothing"],
            "one changed": states["one changed"],
            "bare loop, one": lambda: run([*FLOOR, "1"], shown.folder),
        }

        def rows(found: Found) -> list[Row]:
            values = []
            for i, one in enumerate(found["one changed"]):
                needed = json.loads(found["bare loop, one"][i].output)
                left = one.wall - needed["imports"] - needed["loop"]
                values.append(left / found["nothing"][i].wall)
            figures = f"{self.small} figures"
            return [
                ratio(
                    f"mkdocs build, {figures}, nothing changed / without figures",
                    found, "nothing", "no figures", limit=1.35,
                ),
                ratio(
                    "one changed / nothing changed",
                    found, "one changed", "nothing",
                ),
                Row("the same, less matplotlib's import and the drawing", values, 1.10),
            ]  # fmt: skip

        return steps, rows

    def nothing(self) -> Group:
        """The command with nothing changed, what it imports, and the most that its
        processes held while they drew it all, in one run: that takes minutes."""
        held = {
            count: self.states(self.project(Study, count))["cold"]().memory
            for count in (12, self.small, self.large)
        }
        steps: Steps = {
            "python -c pass": lambda: run([sys.executable, "-c", "pass"], self.folder)
        }
        for count in (self.small, self.large):
            ours = self.project(Study, count)
            steps[f"{count}"] = self.states(ours)["nothing"]
            imports = subprocess.run(
                [sys.executable, "-X", "importtime", *ours.command[1:]],
                capture_output=True,
                encoding="utf-8",
                check=True,
            ).stderr
            assert "study.fresh" in imports, "-X importtime says nothing"
            assert "matplotlib" not in imports, "figures.py imports matplotlib"

        memory = Row(
            f"peak memory drawing {self.large} figures / 12, one run",
            [held[self.large] / held[12]],
            1.2,
        )

        def rows(found: Found) -> list[Row]:
            return [memory] + [
                row
                for count, limit in ((self.small, 0.10), (self.large, 0.15))
                for row in (
                    Row(
                        f"figures.py, nothing of {count} changed, CPU seconds",
                        [one.cpu for one in found[f"{count}"]],
                        limit,
                        "matplotlib is not imported",
                        " s",
                    ),
                    ratio(
                        "the same / a Python that does nothing",
                        found, f"{count}", "python -c pass", "cpu",
                    ),
                )
            ]  # fmt: skip

        return steps, rows

    def schemes(self) -> Group:
        """Light and dark from one drawing, against one scheme."""
        ours = self.project(Study, 12)
        command = [sys.executable, str(HERE / "schemes.py"), "snippets"]
        steps: Steps = {"schemes": lambda: run(command, ours.folder)}

        def rows(found: Found) -> list[Row]:
            sums = [json.loads(one.output) for one in found["schemes"]]
            return [
                Row(
                    "light and dark / one scheme, CPU of drawing",
                    [(s["draw"] + s["both"]) / (s["draw"] + s["one"]) for s in sums],
                    1.03,
                ),
                Row(
                    "light and dark / one scheme, gzip",
                    [s["bytes_both"] / s["bytes_one"] for s in sums],
                    1.01,
                ),
                Row(
                    "all that is done to the SVG / nothing done, CPU",
                    [(s["draw"] + s["both"]) / s["draw"] for s in sums],
                ),
            ]

        return steps, rows

    def live(self) -> Group:
        """Python in the page, in a browser."""
        from bench.browser import Live

        live = Live(self.folder / "live")
        return live.steps(), live.rows

    def serve(self) -> Group:
        """Saving a file under `make serve`."""
        from bench.serving import Serve

        serve = Serve(self.folder / "serve")
        return serve.steps(), serve.rows

    def groups(self) -> Iterator[tuple[str, Callable[[], Group]]]:
        """All groups by name; preparing one takes time too."""
        yield "drawing-12", lambda: self.drawing(12)
        yield f"drawing-{self.small}", lambda: self.drawing(self.small)
        yield "site-12", lambda: self.site(12)
        yield f"site-{self.small}", lambda: self.site(self.small)
        yield "rebuild", self.rebuild
        yield "nothing", self.nothing
        yield "schemes", self.schemes
        yield "live", self.live
        yield "serve", self.serve
