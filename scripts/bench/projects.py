"""The same figures as a project of each tool, written into a folder of its own."""

import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from study.paths import ROOT, STYLE

TEMPLATES = sorted((Path(__file__).parent / "snippets").glob("*.py"))
FIGURES = ROOT / "scripts" / "figures.py"
PEERS = ROOT / ".venv-bench" / "bin" / "python"
PROSE = (
    "The short answer comes first and would do in an interview. The reasons follow:"
    " what is assumed, what is computed and where it stops being true. A figure shows"
    " what the code above it computes, and the numbers in the text are the figure's.\n"
)
MATERIAL = "site_name: Bench\ntheme: {name: material, font: false}\n"


def snippets(count: int) -> dict[str, str]:
    """Snippets by name: the templates in turn, each copy with a seed of its own."""
    found = {}
    for i in range(count):
        template = TEMPLATES[i % len(TEMPLATES)]
        found[f"{template.stem}_{i:04}"] = seeded(template.read_text("utf-8"), i)
    return found


def seeded(text: str, seed: int) -> str:
    """The text with another seed: another drawing, for the same work."""
    return re.sub(r"(?m)^SEED = \d+$", f"SEED = {seed}", text)


class Project:
    """What one tool builds from a number of figures."""

    command: tuple[str, ...]
    made: tuple[str, ...]  # what a cold build has not yet

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        folder.mkdir(parents=True)
        self._edits = 10_000
        for name, text in snippets(count).items():
            self.write(self.source(name), self.snippet(text))
        self.first = next(iter(snippets(1)))
        self.pages()

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def clear(self) -> None:
        """Remove what builds made."""
        for name in self.made:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def edit(self) -> None:
        """Change the first snippet so that its drawing changes."""
        self._edits += 1
        path = self.folder / self.source(self.first)
        path.write_text(seeded(path.read_text("utf-8"), self._edits), encoding="utf-8")

    def source(self, name: str) -> str:
        """The file of a snippet."""
        return f"examples/plot_{name}.py"

    def snippet(self, text: str) -> str:
        """A snippet as the tool takes it."""
        return text

    def pages(self) -> None:
        """Write what is needed besides the snippets."""

    def drawings(self) -> dict[str, str]:
        """What is drawn, by name: digests, or "" where the tool does not show them."""
        raise NotImplementedError


class Study(Project):
    """This project's engine alone."""

    made: tuple[str, ...] = (".cache",)

    def __init__(self, folder: Path, count: int) -> None:
        self.command = (sys.executable, str(FIGURES), f"--project={folder}")
        super().__init__(folder, count)

    def source(self, name: str) -> str:
        """Snippets lie side by side, with the style."""
        return f"snippets/{name}.py"

    def pages(self) -> None:
        """The style; a project has docs."""
        shutil.copy(ROOT / "snippets" / STYLE, self.folder / "snippets")
        (self.folder / "docs").mkdir()

    def drawings(self) -> dict[str, str]:
        """What the command itself lists as drawn."""
        listed = subprocess.run(
            [*self.command, "--list"], capture_output=True, check=True, encoding="utf-8"
        )
        lines = [line.split() for line in listed.stdout.splitlines()]
        return {line[0]: "" for line in lines if line and line[-1] != "stale"}


class StudySite(Study):
    """This project's engine inside `mkdocs build`; a page holds `each` figures, or
    the same without them."""

    made = (".cache", "site")
    each, words = 1, 1
    figures = True

    def __init__(self, folder: Path, count: int) -> None:
        super().__init__(folder, count)
        self.command = (sys.executable, "-m", "mkdocs", "build", "-q")

    def pages(self) -> None:
        """Pages with the code, the figure and prose, and what calls the engine."""
        super().pages()
        names = list(snippets(self.count))
        for i in range(0, len(names), self.each):
            text = "".join(map(self._part, names[i : i + self.each]))
            self.write(f"docs/{names[i]}.md", f"# {names[i]}\n\n{text}")
        self.write("docs/index.md", "# Bench\n\nAll figures.\n")
        hooks = "hooks: [hooks.py]\n" if self.figures else ""
        self.write(
            "mkdocs.yml",
            f"{MATERIAL}{hooks}plugins: [search]\nmarkdown_extensions:\n"
            "  - attr_list\n  - md_in_html\n  - tables\n  - toc: {permalink: true}\n"
            "  - pymdownx.arithmatex: {generic: true}\n  - pymdownx.highlight\n"
            "  - pymdownx.inlinehilite\n  - pymdownx.superfences\n"
            "  - pymdownx.snippets: {base_path: [snippets], check_paths: true}\n"
            f"  - study.extension: {{project: {self.folder}}}\n",
        )
        self.write(
            "hooks.py",
            "import subprocess, sys\n"
            "from pathlib import Path\n"
            "from study.indexing import on_page_context\n"
            "from study.publish import publish\n\n"
            "def on_pre_build(**_):\n"
            f"    command = [sys.executable, {str(FIGURES)!r}]\n"
            f"    command.append('--project={self.folder}')\n"
            "    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)\n\n"
            "def on_post_build(config, **_):\n"
            f"    missing = publish(Path(config['site_dir']), Path('{self.folder}'))\n"
            "    assert not missing, missing\n",
        )

    def _part(self, name: str) -> str:
        prose = f"{PROSE}\n" * self.words
        code = f'```python\n--8<-- "{name}.py"\n```\n\n'
        figure = f"/// figure | {name}\n    alt: What {name} shows.\n\nSee it.\n///\n\n"
        return f"## What does {name} show?\n\n{prose}{code}" + figure * self.figures

    def drawings(self) -> dict[str, str]:
        """The drawings that stand in the pages."""
        found = {}
        for path in sorted((self.folder / "site").rglob("*.html")):
            for part in path.read_text("utf-8").split('<study-figure name="')[1:]:
                drawing = part[part.index("<svg") : part.index("</svg>")]
                found[part.partition('"')[0]] = sha256(drawing.encode()).hexdigest()
        return found


class Shown(StudySite):
    """Pages as the notes have them: three figures with their sections."""

    each, words = 3, 8


class Unshown(Shown):
    """The same pages without the figures."""

    figures = False


class Gallery(Project):
    """What the two galleries have in common. What they do beyond the others' work
    (archives to download, what a statement returns) is switched off."""

    package, heading = "", "{}"

    def snippet(self, text: str) -> str:
        """A script that draws its figure."""
        title, rest = text.removeprefix('"""').split("\n", 1)
        title = self.heading.format(title.removesuffix('"""'))
        return (
            f'"""\n{title}\n\n{PROSE}"""\n{rest}\n\n'
            "import matplotlib.pyplot as plt\n\n"
            f"plt.style.use({str(ROOT / 'snippets' / STYLE)!r})\n"
            "facts = figure(plt.figure())\n"
        )

    def pages(self) -> None:
        """The galleries draw PNG unless told otherwise."""
        self.write(
            "svg_scraper.py",
            f"from {self.package}.scrapers import matplotlib_scraper\n\n"
            "def scrape(*arguments, **options):\n"
            "    return matplotlib_scraper(*arguments, format='svg', **options)\n\n"
            "def _get_sg_image_scraper():\n"
            "    return scrape\n",
        )

    def drawings(self) -> dict[str, str]:
        """The drawings beside the pages."""
        return {
            path.stem: sha256(path.read_bytes()).hexdigest()
            for path in sorted((self.folder / "site").rglob("*_glr_*_001.svg"))
        }


class MkDocsGallery(Gallery):
    """mkdocs-gallery, with the same theme."""

    package, heading = "mkdocs_gallery", "# {}"
    made = ("docs/generated", "site")
    command = (str(PEERS), "-m", "mkdocs", "build", "-q")

    def source(self, name: str) -> str:
        """The gallery wants its scripts in docs."""
        return f"docs/examples/plot_{name}.py"

    def pages(self) -> None:
        """The site's settings."""
        super().pages()
        self.write("docs/index.md", "# Bench\n\nAll figures.\n")
        self.write("docs/examples/README.md", "# Examples\n\nAll figures.\n")
        self.write(
            "mkdocs.yml",
            f"{MATERIAL}nav: [index.md, generated]\n"
            "plugins:\n  - search\n  - gallery:\n"
            "      examples_dirs: docs/examples\n      gallery_dirs: docs/generated\n"
            "      image_scrapers: [svg_scraper]\n      capture_repr: []\n"
            "      download_all_examples: false\n"
            "markdown_extensions:\n  - attr_list\n  - md_in_html\n  - tables\n"
            "  - admonition\n  - toc: {permalink: true}\n  - pymdownx.highlight\n"
            "  - pymdownx.inlinehilite\n  - pymdownx.superfences\n",
        )


class SphinxGallery(Gallery):
    """sphinx-gallery, drawing and writing pages with two processes."""

    package, heading = "sphinx_gallery", "{}\n" + "=" * 80
    made = ("auto_examples", "site")
    command = (str(PEERS), "-m", "sphinx", "-q", "-j", "2", ".", "site")

    def pages(self) -> None:
        """The site's settings."""
        super().pages()
        self.write("examples/README.rst", "Examples\n========\n\nAll figures.\n")
        self.write(
            "index.rst", "Bench\n=====\n\n.. toctree::\n\n   auto_examples/index\n"
        )
        self.write(
            "conf.py",
            "project = 'Bench'\n"
            "extensions = ['sphinx_gallery.gen_gallery']\n"
            "exclude_patterns = ['examples', 'site']\n"
            "sphinx_gallery_conf = {\n"
            "    'examples_dirs': 'examples', 'gallery_dirs': 'auto_examples',\n"
            "    'image_scrapers': ('svg_scraper',), 'capture_repr': (),\n"
            "    'download_all_examples': False, 'parallel': 2,\n"
            "}\n",
        )
