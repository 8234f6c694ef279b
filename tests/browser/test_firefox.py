"""The site in a Firefox, where there is one. Playwright brings its own, which not every
machine can have; Puppeteer drives the one that is installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FIREFOX = (
    shutil.which("firefox")
    or shutil.which("firefox-esr")
    or shutil.which("/Applications/Firefox.app/Contents/MacOS/firefox")
)


@pytest.mark.skipif(not FIREFOX, reason="no Firefox is installed")
def test_the_site_works_in_firefox(site: str):
    run = subprocess.run(
        [
            str(Path(sys.executable).with_name("node")),
            "--test",
            "--test-reporter=tap",
            str(HERE / "firefox.test.mjs"),
        ],
        env={**os.environ, "SITE": site, "FIREFOX": str(FIREFOX)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=900,
    )
    failed = re.findall(r"(?ms)^ *not ok .*?^ *\.\.\.$", run.stdout)
    assert not failed and run.returncode == 0, "\n".join(failed) or run.stdout
    written = (HERE / "firefox.test.mjs").read_text("utf-8").count("\ntest(")
    ran = re.search(r"^# pass (\d+)$", run.stdout, re.MULTILINE)
    assert ran and int(ran[1]) > written > 5, run.stdout
