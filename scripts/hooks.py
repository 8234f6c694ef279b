"""Calls the scripts before and after MkDocs builds; nothing else happens here,
since the tools that may follow MkDocs run no hooks."""

import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from click import ClickException

import assets
from study.paths import ROOT
from study.publish import publish

log = logging.getLogger("mkdocs.study")
FIGURES = [sys.executable, str(ROOT / "scripts" / "figures.py")]


class _Serving:
    """`serve` shows default drawings at once and the others when they are drawn."""

    on = False
    drawing: subprocess.Popen[bytes] | None = None


def on_startup(*, command: str, **_: Any) -> None:
    """Remember whether this is `serve`."""
    _Serving.on = command == "serve"


def on_pre_build(**_: Any) -> None:
    """Bundle the browser's part and draw what has changed."""
    try:
        assets.build()
    except assets.AssetsError as error:
        raise ClickException(str(error)) from None
    if _Serving.drawing is not None:
        _Serving.drawing.terminate()
    command = [*FIGURES, "--defaults"] if _Serving.on else FIGURES
    if subprocess.run(command).returncode and not _Serving.on:
        raise ClickException("some figures could not be drawn; see above")


def on_post_build(config: Any, **_: Any) -> None:
    """Put the drawings into the site."""
    site = Path(config["site_dir"])
    missing = publish(site)
    if not missing:
        return
    if not _Serving.on:
        raise ClickException(f"not all drawn: {', '.join(missing)}")
    _Serving.drawing = subprocess.Popen(FIGURES)
    threading.Thread(target=_later, args=(_Serving.drawing, site), daemon=True).start()


def _later(drawing: subprocess.Popen[bytes], site: Path) -> None:
    if drawing.wait() >= 0 and site.exists():  # not stopped by a newer build
        publish(site)
