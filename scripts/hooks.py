"""Calls the scripts before and after MkDocs builds; nothing else happens here,
since the tools that may follow MkDocs run no hooks."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from click import ClickException

import assets
from study import anki, fonts, notices, offline, policy
from study.errors import StudyError
from study.indexing import on_page_context  # noqa: F401 - MkDocs calls it
from study.lab_pages import on_page_content, on_post_page  # noqa: F401 - as above
from study.paths import ROOT
from study.publish import publish
from study.publish_live import publish_live

FIGURES = [sys.executable, str(ROOT / "scripts" / "figures.py")]
LABS = [sys.executable, str(ROOT / "scripts" / "labs.py")]


class _Artist:
    """Under `serve`: the process that draws, kept warm between two builds."""

    serving = False
    process: subprocess.Popen[str] | None = None

    @classmethod
    def ask(cls, request: str) -> None:
        """Send a request; start the process, or another if it ended."""
        if cls.process is None or cls.process.poll() is not None:
            cls.process = subprocess.Popen(
                [*FIGURES, "--answer"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert cls.process.stdin
        print(request, file=cls.process.stdin, flush=True)

    @classmethod
    def reply(cls) -> str:
        """What it answers."""
        assert cls.process and cls.process.stdout
        return cls.process.stdout.readline().strip()


def on_startup(*, command: str, **_: Any) -> None:
    """Remember whether this is `serve`."""
    _Artist.serving = command == "serve"


def on_pre_build(**_: Any) -> None:
    """Bundle the browser's part and draw what has changed; under `serve`, only the
    default drawings, and what is broken keeps its earlier ones."""
    try:
        assets.build()
    except assets.AssetsError as error:
        raise ClickException(str(error)) from None
    if _Artist.serving:
        _Artist.ask("defaults")
        _Artist.reply()
    elif subprocess.run(FIGURES).returncode:
        raise ClickException("some figures could not be drawn; see above")
    # Under `serve`, a lab that is broken keeps its last notebook, and one that a saved
    # snippet changes does not hold the snippet's own page up.
    later = ["--later"] if _Artist.serving else []
    if subprocess.run([*LABS, *later]).returncode and not _Artist.serving:
        raise ClickException("a lab could not be run; see above")


def on_post_build(config: Any, **_: Any) -> None:
    """Put the drawings into the site; under `serve`, the others when they are drawn,
    and no policy, since live reload's own script changes with every build, no deck for
    Anki, which nobody imports from there, and nothing kept to be read offline."""
    site = Path(config["site_dir"])
    try:
        publish_live(site)
        notices.write(site)
    except StudyError as error:
        raise ClickException(error.message) from None
    if not _Artist.serving:
        policy.write(site)
    missing = publish(site)
    if missing and _Artist.serving:
        _Artist.ask(f"rest {site}")
    elif missing:
        raise ClickException(f"not all drawn: {', '.join(missing)}; build again")
    if _Artist.serving:
        _run_labs_ahead()
        offline.write_gone(site)
    else:
        anki.write(site, config["site_url"])
        _cut_fonts(site)
        offline.write(site)


_labs: list[subprocess.Popen[bytes]] = []  # the process that runs labs ahead


def _run_labs_ahead() -> None:
    if not _labs or _labs[0].poll() is not None:  # it looks again itself
        _labs[:] = [subprocess.Popen([*LABS, "--ahead"])]


def _cut_fonts(site: Path) -> None:
    try:
        fonts.cut(site)
    except StudyError as error:
        raise ClickException(error.message) from None


def on_shutdown(**_: Any) -> None:
    """End what draws, and what runs labs."""
    for process in (_Artist.process, *_labs):
        if process is not None:
            process.terminate()
