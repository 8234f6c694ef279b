"""Every built page is valid HTML, but for what the theme writes."""

import json
import subprocess
from pathlib import Path

from browser.shown import ROOT

import assets

VALIDATE = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
# What is left, and why.
OFF = {
    # A matter of style.
    "doctype-style": "off",
    "no-inline-style": "off",  # KaTeX places what it draws
    "no-trailing-whitespace": "off",
    "presentation-role-style": "off",
    "valid-id": ["error", {"relaxed": True}],  # HTML asks only for an id without spaces
    # The theme's: switches that keep no state, labels that keys reach, a search form
    # that sends nothing, and lists in lists, which axe-core judges by what they hold.
    "attribute-allowed-values": "off",
    "input-attributes": "off",
    "unique-landmark": "off",
    "valid-autocomplete": "off",
    "wcag/h32": "off",
}


def test_the_pages_are_valid(built: Path, tmp_path: Path):
    config = tmp_path / "html-validate.json"
    config.write_text(
        json.dumps({"root": True, "extends": ["html-validate:standard"], "rules": OFF})
    )
    pages = sorted(map(str, built.rglob("*.html")))
    assert len(pages) > 20
    run = subprocess.run(
        [assets.node(), VALIDATE, "-c", config, "-f", "json", *pages],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    found = [
        f"{Path(page['filePath']).relative_to(built)}:{error['line']}:"
        f" {error['ruleId']}: {error['message']}"
        for page in json.loads(run.stdout)
        for error in page["messages"]
    ]
    assert found == []
