"""The floor: a bare loop in one warm process that draws the same figures.

    python floor.py SNIPPETS OUT [COUNT]

One style for all, nothing kept apart, nothing checked: no engine can need less.
Prints the seconds of the imports and of the loop, and the loop's of the processor.
"""

import io
import json
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
    """Draw the figure of a snippet."""
    module: dict[str, Any] = {"__name__": path.stem}
    exec(compile(path.read_bytes(), path, "exec"), module)
    fig = Figure()
    module["figure"](fig)
    svg = io.StringIO()
    FigureCanvasSVG(fig).print_svg(svg)
    out.write_text(svg.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    snippets, folder = map(Path, sys.argv[1:3])
    folder.mkdir(exist_ok=True)
    rc_file(next(snippets.glob("*.mplstyle")))
    count = int(sys.argv[3]) if sys.argv[3:] else None
    for snippet in sorted(snippets.glob("*.py"))[:count]:
        draw(snippet, folder / f"{snippet.stem}.svg")
    took = {
        "imports": imported - started,
        "loop": time.perf_counter() - imported,
        "cpu": time.process_time() - cpu,
    }
    print(json.dumps(took))
