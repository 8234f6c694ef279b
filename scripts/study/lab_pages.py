"""Shows the labs that mkdocs-jupyter renders as pages of this site.

The plugin walks over a notebook with our templates instead of its own: they leave the
text as Markdown, so that formulas, code, headings and links come out as on every page.
"""

import json
from pathlib import Path
from typing import Any

from mkdocs_jupyter.config import settings

from study import labs
from study.files import write_whole
from study.paths import ROOT

settings.templates_dir = str(Path(__file__).with_name("lab_templates"))


def _is_lab(page: Any) -> bool:
    return bool(page.file.src_uri.endswith(".ipynb"))


def on_page_content(html: str, /, *, page: Any, config: Any, files: Any) -> str:
    """Convert what our template left as Markdown, as MkDocs converts other pages."""
    if not _is_lab(page):
        return html
    # After it the plugin has added a style sheet.
    page.markdown, _ = json.JSONDecoder().raw_decode(html.lstrip())
    book = json.loads(Path(page.file.abs_src_path).read_text(encoding="utf-8"))
    page.meta["description"] = book["metadata"]["description"]
    type(page).render(page, config, files)
    return str(page.content)


def on_post_page(output: str, /, *, page: Any, **_: Any) -> str:
    """Put the notebook to take along beside its page."""
    if _is_lab(page):
        [lab] = [lab for lab in labs.labs(ROOT) if lab.name == page.file.name]
        place = Path(page.file.abs_dest_path).parent / f"{lab.name}.ipynb"
        write_whole(place, labs.taken(lab))
    return output
