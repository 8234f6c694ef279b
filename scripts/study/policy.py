"""The content security policy of a built site: one for all pages."""

import base64
import hashlib
import re
from pathlib import Path

INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
DATA = re.compile(r'\bsrc=|\btype="?application/(?:json|ld\+json)')
# The charset has to be in the first 1024 bytes of a page.
HEAD = re.compile(r'<head\b[^>]*>(?:\s*<meta charset="[^"]*">)?')


def write(site: Path) -> None:
    """Put the policy into every page. Its script hashes are those of all pages, since
    instant navigation shows one page under another's policy."""
    pages = {
        path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))
    }
    hashes = {_hash(code) for html in pages.values() for code in _inline(html)}
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(hashes)}">'
    for path, html in pages.items():
        # Ahead of all that it is for: it holds for what follows it only.
        path.write_text(HEAD.sub(lambda m: m[0] + meta, html, count=1), "utf-8")


def policy(hashes: set[str]) -> str:
    """Nothing from another origin; no code from text but the theme's own scripts, and
    WebAssembly, which the page's Python is."""
    scripts = " ".join(sorted(f"'{digest}'" for digest in hashes))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {scripts}".rstrip(),
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def _inline(html: str) -> list[str]:
    return [
        m["code"] for m in INLINE.finditer(html) if not DATA.search(m["attributes"])
    ]


def _hash(code: str) -> str:
    digest = hashlib.sha256(code.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
