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
    when = ask.add_mutually_exclusive_group()
    when.add_argument(
        "--later",
        action="store_true",
        help="where only what a lab imports has changed, keep its outputs for now",
    )
    when.add_argument(
        "--ahead", action="store_true", help="run what --later left, for the next build"
    )
    said = ask.parse_args(arguments)
    started, project = time.perf_counter(), said.project.resolve()
    try:
        if said.ahead:
            ran = labs.ahead(project, said.limit)
        else:
            ran = labs.build(project, said.limit, later=said.later)
    except (StudyError, OSError) as error:
        message = error.message if isinstance(error, StudyError) else error
        print(f"Error: {message}", file=sys.stderr)
        return 1
    if ran:
        then = "; the next save shows it" if said.ahead else ""
        print(f"{', '.join(ran)} run in {time.perf_counter() - started:.1f} s{then}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
