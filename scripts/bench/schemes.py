"""What one drawing for light and dark costs, against a drawing for one scheme.

    python schemes.py SNIPPETS

The engine finishes each SVG twice: as it is, and with its colours hidden from the
rewriting and put back after it, so that nothing else differs. Prints the sums of
processor seconds and of gzipped bytes.
"""

import gzip
import io
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from study.drawing import _themed as finished

COLOUR = re.compile(r"#(?=[0-9a-f]{6}\b)")
HIDDEN = "!"


def timed(text: str) -> tuple[str, float]:
    """The finished SVG and the seconds it took: the least of three, as the
    difference is small against a machine's noise."""
    took = []
    for _ in range(3):
        started = time.process_time()
        svg = finished(text)
        took.append(time.process_time() - started)
    return svg, min(took)


def measure(snippets: Path) -> dict[str, float]:
    """The sums over all snippets."""
    sums: dict[str, float] = dict.fromkeys(
        ("draw", "both", "one", "bytes_both", "bytes_one"), 0.0
    )
    for path in sorted(snippets.glob("*.py")):
        module: dict[str, Any] = {"__name__": path.stem}
        exec(compile(path.read_bytes(), path, "exec"), module)
        started = time.process_time()
        fig, out = Figure(), io.StringIO()
        module["figure"](fig)
        FigureCanvasSVG(fig).print_svg(out)
        sums["draw"] += time.process_time() - started
        svg = out.getvalue()[out.getvalue().index("<svg") :]
        both, took = timed(svg)
        sums["both"] += took
        one, took = timed(COLOUR.sub(HIDDEN, svg))
        sums["one"] += took
        one = re.sub(HIDDEN + r"(?=[0-9a-f]{6}\b)", "#", one)
        if both == one or "var(--" in one:
            sys.exit(f"schemes.py: {path.name}: the colours could not be told apart")
        sums["bytes_both"] += len(gzip.compress(both.encode()))
        sums["bytes_one"] += len(gzip.compress(one.encode()))
    return sums


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with rc_context(fname=next(folder.glob("*.mplstyle"))):
        print(json.dumps(measure(folder)))
