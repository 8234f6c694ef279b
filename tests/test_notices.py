"""Whatever is shipped has its licence beside it, out of its own package."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from small_project import ROOT

import assets
from study import notices
from study.errors import StudyError

MODULES = ROOT / "node_modules"


def bundled(folder: Path) -> set[str]:
    """The packages in our scripts, as esbuild lists what it has read."""
    note = folder / "made-of.json"
    entries = [f"docs/assets/{name}" for name in assets.ENTRIES]
    subprocess.run(
        [
            *(assets.node(), str(MODULES / "esbuild/bin/esbuild"), *entries),
            *("--bundle", f"--outdir={folder}", f"--metafile={note}"),
            *("--loader:.svg=dataurl", "--log-level=error"),
        ],
        cwd=ROOT,
        check=True,
    )
    inputs = json.loads(note.read_bytes())["inputs"]
    parts = [name.split("node_modules/")[-1].split("/") for name in inputs]
    outside = [part for name, part in zip(inputs, parts, strict=True) if "_mod" in name]
    return {"/".join(p[:2] if p[0].startswith("@") else p[:1]) for p in outside}


def test_every_package_in_a_bundle_has_its_licence(tmp_path: Path):
    assets.build()
    text = (ROOT / "docs/assets/built" / notices.FILE).read_text("utf-8")
    packages = bundled(tmp_path) | {"katex"}
    assert {"idb", "ts-fsrs", "@codemirror/view", "style-mod"} < packages
    for name in packages:
        [licence] = (MODULES / name).glob("LICENSE*")
        heading = rf"^{re.escape(name)} [\d.]+, {licence.name}:\n\n"
        found = re.search(heading, text, re.MULTILINE)
        assert found, name
        assert text[found.end() :].startswith(licence.read_text("utf-8").strip())


def test_a_package_without_a_licence_stops_the_bundle_with_its_name(tmp_path: Path):
    (tmp_path / "nobodys").mkdir()
    (tmp_path / "nobodys" / "package.json").write_text('{"version": "1.2.3"}')
    with pytest.raises(assets.AssetsError, match=r"^nobodys 1\.2\.3 is shipped with"):
        assets._notices(tmp_path, {"nobodys"})


def test_a_picture_of_a_licence_is_none(tmp_path: Path):
    (tmp_path / "license.svg").touch()
    with pytest.raises(StudyError, match="has no licence file"):
        notices.of("icons", tmp_path)


def site(folder: Path) -> Path:
    """What notices are written for, in small."""
    for name, text in {
        "built/licences.txt": "of the libraries",
        "live/0.1-ab/licences.txt": "of Python",
        "javascripts/one.min.js": "/*! one, by A */ f() /* no notice */",
        "javascripts/one.min.js.map": '{"sources": ["../node_modules/@a/one/x.ts"]}',
    }.items():
        path = folder / "assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    notices.write(folder)
    return folder / "assets" / "licences.txt"


def test_a_site_has_the_notices_of_all_its_parts(tmp_path: Path):
    text = site(tmp_path).read_text("utf-8")
    assert text.startswith("These notes, LICENSE:\n\nMIT License")
    assert "Martin Donath" in text.split("\nmkdocs-material, LICENSE:\n")[1]
    for icons in ("fontawesome", "material", "octicons", "simple"):
        assert f"\nIcons of {icons}, LICENSE" in text
    assert "\nIn one.min.js:\n\n/*! one, by A */\n" in text
    assert "\none.min.js is made with @a/one.\n" in text
    assert "no notice" not in text
    assert text.index("of the libraries") < text.index("of Python")


def test_the_theme_without_its_licence_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(notices, "home", lambda name: tmp_path)
    with pytest.raises(StudyError, match="mkdocs-material is shipped with the site"):
        site(tmp_path)
