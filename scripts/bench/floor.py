"""The floor: a bare loop in one warm process that draws the same figures.

    python floor.py SNIPPETS OUT [COUNT]
    python floor.py SNIPPETS OUT halves   two such loops at once, half of it each
    python floor.py SNIPPETS OUT forks    a fork a figure, two at a time

One style for all, nothing kept apart, nothing checked: no engine can need less.
What two at once and forks cost is the machine's. Prints the seconds of the imports
and of the loop, and the loop's of the processor.
"""

import gc
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

started = time.perf_counter()

import numpy  # noqa: E402, F401 - every snippet imports it
from matplotlib import rc_file  # noqa: E402
from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

imported, cpu = time.perf_counter(), time.process_time()


def draw(path: Path, out: Path) -> None:
    """Draw the figure of a snippet into a file."""
    module: dict[str, Any] = {"__name__": path.stem}
    exec(compile(path.read_bytes(), path, "exec"), module)
    fig = Figure()
    module["figure"](fig)
    svg = io.StringIO()
    FigureCanvasSVG(fig).print_svg(svg)
    out.write_text(svg.getvalue(), encoding="utf-8")


def side_by_side(parts: list[list[Path]], out: Path) -> None:
    """Draw each part in a process of its own, two at a time."""
    for number, part in enumerate(parts):
        if number >= 2:
            os.wait()
        if os.fork() == 0:
            for path in part:
                draw(path, out / f"{path.stem}.svg")
            os._exit(0)
    for _ in parts[:2]:
        os.wait()


def main(folder: Path, out: Path, how: str = "") -> None:
    """Draw, and print how long it took."""
    out.mkdir(exist_ok=True)
    rc_file(next(folder.glob("*.mplstyle")))
    paths = sorted(folder.glob("*.py"))
    if how == "halves":
        side_by_side([paths[::2], paths[1::2]], out)
    elif how == "forks":
        draw(paths[0], out / f"{paths[0].stem}.svg")
        gc.freeze()
        side_by_side([[path] for path in paths[1:]], out)
    else:
        for path in paths[: int(how) if how else None]:
            draw(path, out / f"{path.stem}.svg")
    took = {
        "imports": imported - started,
        "loop": time.perf_counter() - imported,
        "cpu": time.process_time() - cpu,
    }
    print(json.dumps(took))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
