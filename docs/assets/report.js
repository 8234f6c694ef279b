// "Report a mistake" begins an issue that names the page and the question in sight.

/** The words of a heading, each formula once. */
function words(heading) {
  const copy = heading.cloneNode(true);
  copy.querySelectorAll(".headerlink, .katex-html, semantics semantics").forEach((part) => part.remove());
  return copy.textContent.trim();
}

/** The address of an issue about this question of this page. */
export function issue(base, page, title, question) {
  const url = new URL(base);
  const place = question ? `${page}#${question.id}` : page;
  url.searchParams.set("title", `${title}: ${question ? question.text : ""}`.replace(/: $/, ""));
  url.searchParams.set("body", `On ${place}\n\nIt says:\n\nIt should say:\n`);
  return url.href;
}

function aim({ target }) {
  const link = target.closest?.("a.report");
  const title = document.querySelector("article h1");
  if (!link || !title) return;
  const passed = [...document.querySelectorAll("article h2[id]")].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2);
  const last = passed.at(-1);
  link.href = issue(link.href.split("?")[0], location.href.split(/[?#]/)[0], words(title), last && { id: last.id, text: words(last) });
}

// Before the link is followed, by whatever hand, or its address copied.
for (const type of ["pointerdown", "keydown", "click", "contextmenu"]) globalThis.document?.addEventListener(type, aim, true);
