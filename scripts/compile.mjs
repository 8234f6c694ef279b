// Compiles the modules below TREE with the Python that will run them, and lists the
// fonts for matplotlib: node compile.mjs PYODIDE TREE

import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [home, tree] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(home, "pyodide.mjs")));
// Node would show the line of the library that threw, which is a megabyte long.
process.on("uncaughtException", (error) => {
  console.error(String(error.message ?? error).slice(-2000));
  process.exit(1);
});
const python = await loadPyodide({ env: { MPLCONFIGDIR: "/tree/packages/home/matplotlib" } });
python.FS.mkdir("/tree");
python.FS.mount(python.FS.filesystems.NODEFS, { root: tree }, "/tree");
// The fonts are listed by the paths that they will have.
python.FS.mkdirTree("/tree/packages/home/matplotlib");
python.FS.symlink("/tree/packages/lib/python3.12/site-packages/numpy", "/lib/python3.12/site-packages/numpy");
await python.runPythonAsync(`
import os, sys
from pathlib import Path
from py_compile import PycInvalidationMode, compile

packages = Path("/tree/packages/lib/python3.12/site-packages")
site = Path("/lib/python3.12/site-packages")
for entry in packages.iterdir():
    link = site / entry.name
    if not link.is_symlink():
        link.symlink_to(entry)
sys.dont_write_bytecode = True
from matplotlib import font_manager

fonts = font_manager.fontManager
assert fonts.ttflist
fonts.ttflist.sort(key=lambda font: font.fname)  # found in any order
font_manager.json_dump(fonts, Path(font_manager.__file__).with_name("fontlist.json"))

for root, shown in ((Path("/tree/stdlib"), Path("/lib/python312.zip")), (packages, site)):
    for source in sorted(root.rglob("*.py")):
        compile(
            str(source),
            str(source.with_suffix(".pyc")),
            str(shown / source.relative_to(root)),
            doraise=True,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        source.unlink()
`);
