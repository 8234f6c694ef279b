"""Measure the figure engine against a bare loop and its peers, as ratios.

Takes long; the machine should do nothing else meanwhile.
"""

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from bench.groups import Bench, Group
from bench.measure import rounds, table
from bench.projects import PEERS

PAGE = Path(__file__).parents[1] / "BENCH.md"


def machine(runs: int) -> str:
    """What was measured on."""
    model = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        found = re.search(r"model name\s*: (.+)", info.read_text())
        model = found[1] if found else model
    libraries = ", ".join(
        f"{n} {version(n)}" for n in ("numpy", "matplotlib", "mkdocs")
    )
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()};"
        f" Python {platform.python_version()}, {libraries}; {runs} rounds"
    )


def write(name: str, text: str) -> None:
    """Put a group's table between its marks."""
    page = PAGE.read_text("utf-8")
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    if start not in page:
        page += f"\n{start}{end}"
    before, _, rest = page.partition(start)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{start}\n{text}\n\n{end}{after}", "utf-8")


def main() -> int:
    """Run the command."""
    ask = argparse.ArgumentParser("make bench", description=__doc__)
    ask.add_argument("--runs", type=int, default=5, help="rounds (default: 5)")
    ask.add_argument("--only", metavar="NAME", help="one group of measurements")
    ask.add_argument("--write", action="store_true", help="put the tables in BENCH.md")
    ask.add_argument("--small", type=int, default=120, help=argparse.SUPPRESS)
    ask.add_argument("--large", type=int, default=1200, help=argparse.SUPPRESS)
    said = ask.parse_args()
    if said.write and (said.runs < 5 or (said.small, said.large) != (120, 1200)):
        ask.error("--write is for five rounds or more, of the whole size")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder).resolve(), said.runs, said.small, said.large)
        groups = dict(bench.groups())
        if said.only and said.only not in groups:
            ask.error(f"--only takes one of: {', '.join(groups)}")
        if not PEERS.exists():
            ask.error("the peers are missing: `make bench` installs them")
        print(machine(said.runs))
        for name, prepare in groups.items():
            if said.only in (None, name):
                measure(bench, name, prepare, said.write)
    return 0


def measure(
    bench: Bench, name: str, prepare: Callable[[], Group], to_page: bool
) -> None:
    """Measure one group and show it."""
    with tqdm(desc=f"{name}: preparing", leave=False, dynamic_ncols=True) as bar:
        steps, rows = prepare()
        bar.reset(len(steps) * bench.runs)
        busy = os.getloadavg()[0]

        def doing(step: str) -> None:
            bar.set_description_str(f"{name}: {step}", refresh=False)
            bar.update()

        text = table(rows(rounds(steps, bench.runs, doing)))
    print(f"\n{name} (load average before: {busy:.1f})\n{text}", flush=True)
    if to_page:
        write(name, f"{text}\n\n{machine(bench.runs)}.")


if __name__ == "__main__":
    sys.exit(main())
