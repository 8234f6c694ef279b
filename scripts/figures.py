"""Draw the figures of the snippets and compute the numbers that pages quote.

Only what has changed is drawn. NAME is a snippet or a glob, such as 'kmeans*'.
"""

import os
import sys
import time

try:
    from study import fresh

    # Ahead of the other imports, which take longer than this.
    if __name__ == "__main__":
        asked = sys.argv[1:] or [f"--project={os.path.dirname(__file__)}/.."]
        option, _, folder = asked[0].partition("=")
        whole = asked[1:] == [] and option == "--project"
        if whole and fresh.is_unchanged(os.path.realpath(folder)):
            sys.exit(0)

    import argparse
    from pathlib import Path

    from study import knobs
    from study.build import Build, combinations
    from study.errors import StudyError
    from study.paths import ROOT
except ModuleNotFoundError as missing:
    if missing.name != "study":
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
    ask.add_argument("--watch", action="store_true", help="go on as files are saved")
    ask.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    ask.add_argument("--workers", type=int, help="processes (default: one a core)")
    ask.add_argument(
        "--project",
        type=lambda folder: Path(folder).resolve(),
        default=ROOT,
        help=argparse.SUPPRESS,
    )
    said = ask.parse_args(arguments)
    build: Build | None = None
    started, before = time.time_ns(), fresh.sources(str(said.project))
    try:
        build = Build(said.project)
        names = build.chosen(said.names)
        if said.list or said.check:
            stale = listed(build, names, only_stale=said.check)
            return int(bool(build.errors) or (said.check and stale))
        if said.watch or said.answer:
            from study import watching

            if said.watch:
                watching.watch(said.project, said.workers)
            watching.answer(said.project)
            return 0
        if said.force:
            build.forget(names)
        if count := build.draw(names, rest=not said.defaults, workers=said.workers):
            print(f"{count} drawings in {(time.time_ns() - started) / 1e9:.1f} s")
        if not (build.errors or build.stopped or said.names or said.defaults):
            fresh.remember(str(said.project), before, started)
        return int(bool(build.errors))
    except (StudyError, OSError) as error:
        message = error.message if isinstance(error, StudyError) else error
        print(f"Error: {message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what is drawn is kept", file=sys.stderr)
        return 130
    finally:
        if build:
            build.tell()


def listed(build: Build, names: list[str], *, only_stale: bool) -> bool:
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
