"""Run the labs whose code has changed, and write the notebooks that pages show."""

import argparse
import sys
import time
from pathlib import Path

from study import labs
from study.errors import StudyError
from study.paths import ROOT


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--project", type=Path, default=ROOT, help=argparse.SUPPRESS)
    ask.add_argument("--limit", type=float, default=labs.TIME_LIMIT, help="s a cell")
    said = ask.parse_args(arguments)
    started = time.perf_counter()
    try:
        ran = labs.build(said.project.resolve(), said.limit)
    except (StudyError, OSError) as error:
        message = error.message if isinstance(error, StudyError) else error
        print(f"Error: {message}", file=sys.stderr)
        return 1
    if ran:
        print(f"{', '.join(ran)} run in {time.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
