"""Draw the figures of the snippets and compute the numbers that pages quote.

Only what has changed is drawn. NAME is a snippet or a glob, such as 'kmeans*'.
"""

import argparse
import sys
import time
from pathlib import Path

try:
    from study import knobs
    from study.build import Build, combinations
    from study.errors import StudyError
    from study.paths import ROOT
except ModuleNotFoundError as missing:
    if missing.name not in {"study", "click"}:
        raise
    sys.exit(
        "figures.py: this is not the project's Python. Run `make figures`, or after"
        " `make setup`: .venv/bin/python scripts/figures.py"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("names", nargs="*", metavar="NAME", help="only these snippets")
    ask.add_argument("--force", action="store_true", help="draw what is fresh again")
    ask.add_argument("--list", action="store_true", help="list the figures and stop")
    ask.add_argument("--check", action="store_true", help="name what is stale; exit 1")
    ask.add_argument("--defaults", action="store_true", help="only the first drawings")
    ask.add_argument("--workers", type=int, help="processes (default: one a core)")
    ask.add_argument("--project", type=Path, default=ROOT, help=argparse.SUPPRESS)
    said = ask.parse_args(arguments)
    errors: list[str] = []
    try:
        build = Build(said.project)
        errors = build.errors
        names = build.chosen(said.names)
        if said.list or said.check:
            stale = tell(build, names, only_stale=said.check)
            return int(bool(errors) or (said.check and stale))
        if said.force:
            build.forget(names)
        started = time.monotonic()
        if count := build.draw(names, rest=not said.defaults, workers=said.workers):
            print(f"{count} drawings in {time.monotonic() - started:.1f} s")
        for note in build.notes:
            print(f"Note: {note}", file=sys.stderr)
    except StudyError as error:
        errors.append(error.message)
    except OSError as error:
        errors.append(str(error))
    except KeyboardInterrupt:
        print("stopped; what is drawn is kept", file=sys.stderr)
        return 130
    finally:
        for message in dict.fromkeys(errors):
            print(f"Error: {message}", file=sys.stderr)
    return int(bool(errors))


def tell(build: Build, names: list[str], *, only_stale: bool) -> bool:
    """Print the figures and their state; whether anything is stale."""
    any_stale = False
    for name in names:
        store, stale = build.store(name), build.stale(name)
        any_stale |= bool(stale)
        if store is None or stale == [None]:
            print(f"{name}  {'stale' if store else 'broken'}")
            continue
        for figure, kept in (store.defaults() or {}).items():
            if only_stale and figure not in stale:
                continue
            moves = ", ".join(k.name for k in knobs.from_json(kept["knobs"]))
            state = "stale" if figure in stale else ""
            count = combinations(store, figure)
            print(f"{name}.{figure}  {count:>4} drawings  {moves}  {state}".rstrip())
    return any_stale


if __name__ == "__main__":
    sys.exit(main())
