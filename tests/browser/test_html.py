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
}
# The theme's: labels that keys reach, switches that keep no state, forms that send
# nothing, and lists in lists, which axe-core judges by what they hold.
THEME = (
    'attribute-allowed-values: Attribute "tabindex" has invalid value ""',
    'input-attributes: Attribute "autocomplete" is not allowed on <input type="checkb',
    "unique-landmark: Landmarks must have a non-empty and unique accessible name",
    "valid-autocomplete: autocomplete attribute cannot be used on <input type=",
    "wcag/h32: <form> element must have a submit button",
)


def test_the_pages_are_valid(built: Path, tmp_path: Path):
    config = tmp_path / "html-validate.json"
    config.write_text(
        json.dumps({"root": True, "extends": ["html-validate:standard"], "rules": OFF})
    )
    pages = sorted(map(str, built.rglob("*.html")))
    assert len(pages) > 20
    told = tmp_path / "told.json"  # through a pipe its end could be lost
    subprocess.run(
        [assets.node(), VALIDATE, "-c", config, "-f", f"json={told}", *pages]
    )
    found = [
        f"{Path(page['filePath']).relative_to(built)}:{error['line']}:"
        f" {error['ruleId']}: {error['message']}"
        for page in json.loads(told.read_text())
        for error in page["messages"]
        if not f"{error['ruleId']}: {error['message']}".startswith(THEME)
    ]
    assert found == []
