"""Draws snippets without the project's machinery, by whatever Python runs this.

In: JSON, [[file, function, [arguments, …]], …]. Out: JSON, the facts of each call.
"""

import importlib
import io
import json
import sys
from pathlib import Path

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

sys.dont_write_bytecode = True


def facts(file: str, function: str, arguments: dict) -> dict:
    """The facts of one call, its drawing made and dropped."""
    path = Path(file)
    sys.path.insert(0, str(path.parent))
    draw = getattr(importlib.import_module(path.stem), function)
    with rc_context(fname=path.parent / "study.mplstyle"):
        fig = Figure()
        found = draw(fig, **arguments)
        FigureCanvasSVG(fig).print_svg(io.StringIO())
    return {k: v.item() if hasattr(v, "item") else v for k, v in found.items()}


if __name__ == "__main__":
    calls = json.load(sys.stdin)
    json.dump([[facts(f, n, one) for one in many] for f, n, many in calls], sys.stdout)
