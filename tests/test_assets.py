"""What the browser loads is built whole, only when needed, and fails out loud."""

import re
import shutil
from pathlib import Path

import pytest

import assets

ROOT = Path(__file__).resolve().parents[1]


def make_root(folder: Path) -> Path:
    sources = folder / "docs/assets"
    sources.mkdir(parents=True)
    (sources / "study.js").write_text('import {hi} from "./widget.js";\nhi();\n')
    (sources / "widget.js").write_text("export function hi() {\n  alert('σ');\n}\n")
    (sources / "study.css").write_text("body {\n  color: CanvasText;\n}\n")
    for name in set(assets.ENTRIES) - {"study.js", "study.css"}:
        (sources / name).write_text(f"alert('{name}');\n")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path)


def outputs(root: Path) -> dict[str, tuple[int, bytes]]:
    built = root / "docs/assets/built"
    return {
        path.relative_to(built).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in built.rglob("*")
        if path.is_file()
    }


def test_the_script_is_one_classic_file(root: Path) -> None:
    assets.build(root)
    script = outputs(root)["study.js"][1].decode()
    assert 'alert("σ")' in script
    assert not re.search(r"\b(import|export)\b", script)
    # All in one function call: a classic script's own names would be everyone's.
    assert re.fullmatch(r'("use strict";)?\(\(\)=>\{.*\}\)\(\);\n', script)


def test_katex_comes_with_exactly_the_fonts_that_it_names(root: Path) -> None:
    assets.build(root)
    files = outputs(root)
    named = set(re.findall(r"url\(([^)]+)\)", files["katex.css"][1].decode()))
    assert named == {name for name in files if name.startswith("fonts/")}
    assert all(files[name][1].startswith(b"wOF2") for name in named)


def test_katex_keeps_every_rule_of_its_own_sheet(root: Path) -> None:
    assets.build(root)
    whole = (ROOT / "node_modules/katex/dist/katex.min.css").read_text()
    kept = outputs(root)["katex.css"][1].decode()
    assert kept.count("{") == whole.count("{")
    assert kept.partition(".katex{")[2] == whole.partition(".katex{")[2] != ""


def test_katex_and_its_fonts_come_with_their_licences(root: Path) -> None:
    assets.build(root)
    files = outputs(root)
    text = files["licences.txt"][1].decode()
    assert (ROOT / "node_modules/katex/LICENSE").read_text().strip() in text
    for name in files:
        if name.startswith("fonts/"):
            _, _, licence = text.partition(f"\n{Path(name).stem}:\n\n")
            assert "SIL Open Font License" in licence.partition("-" * 72)[0]


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    roots = [make_root(tmp_path / name) for name in ("a", "b")]
    one, other = (
        {name: data for name, (_, data) in outputs(root).items()}
        for root in roots
        if assets.build(root)
    )
    assert one == other


def test_a_second_build_starts_no_program(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert assets.build(root)
    before = outputs(root)
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("run"))
    assert not assets.build(root)
    assert outputs(root) == before


def test_only_what_changed_is_written(root: Path) -> None:
    assets.build(root)
    before = outputs(root)
    (root / "docs/assets/widget.js").write_text("export const hi = () => alert(2);\n")
    assert assets.build(root)
    after = outputs(root)
    assert {name for name in after if after[name] != before[name]} == {"study.js"}


def test_a_changed_comment_writes_nothing(root: Path) -> None:
    assets.build(root)
    before = outputs(root)
    with (root / "docs/assets/study.css").open("a") as sheet:
        sheet.write("/* a remark */\n")
    assert not assets.build(root)
    assert outputs(root) == before


@pytest.mark.parametrize("name", ["study.css", "fonts/KaTeX_Main-Regular.woff2"])
def test_a_lost_file_comes_back(root: Path, name: str) -> None:
    assets.build(root)
    (root / "docs/assets/built" / name).unlink()
    assert assets.build(root)
    assert name in outputs(root)


def test_a_file_that_no_longer_belongs_goes(root: Path) -> None:
    assets.build(root)
    (root / "docs/assets/built/fonts/old.woff").write_bytes(b"old")
    assert assets.build(root)
    assert "fonts/old.woff" not in outputs(root)


def test_a_mistake_is_told_with_its_place(root: Path) -> None:
    (root / "docs/assets/widget.js").write_text("export function hi() {\n  let = ;\n}")
    with pytest.raises(assets.AssetsError, match=r"^docs/assets/widget\.js:2:9: "):
        assets.build(root)


def test_a_doubtful_line_is_a_mistake(root: Path) -> None:
    (root / "docs/assets/study.css").write_text("body {\n  color = red;\n}\n")
    with pytest.raises(assets.AssetsError, match=r"^docs/assets/study\.css:2:8: "):
        assets.build(root)


def test_a_mistake_leaves_the_earlier_files(root: Path) -> None:
    assets.build(root)
    before = outputs(root)
    (root / "docs/assets/study.js").write_text('import "./missing.js";\n')
    with pytest.raises(assets.AssetsError, match="missing"):
        assets.build(root)
    assert outputs(root) == before


def test_missing_libraries_name_the_remedy(root: Path) -> None:
    (root / "node_modules").unlink()
    with pytest.raises(assets.AssetsError, match="make setup"):
        assets.build(root)


def test_a_missing_source_is_named(root: Path) -> None:
    (root / "docs/assets/study.css").unlink()
    with pytest.raises(assets.AssetsError, match=r"docs/assets/study\.css is missing"):
        assets.build(root)


def test_an_unknown_font_format_stops_the_build(root: Path) -> None:
    katex = root / "katex"
    (katex / "dist").mkdir(parents=True)
    shutil.copy(ROOT / "node_modules/katex/LICENSE", katex)
    sheet = (ROOT / "node_modules/katex/dist/katex.min.css").read_text()
    (katex / "dist/katex.min.css").write_text(sheet.replace(".woff)", ".otf)", 1))
    with pytest.raises(assets.AssetsError, match="unknown way"):
        assets._katex(katex)
