// A term of the glossary, marked in the text: a touch or Enter shows its entry beside it.
// Without script, or where the glossary cannot be read, the link leads there.

import { make } from "./elements.js";

const entries = new Map(); // the glossary's address → promise of its document

function glossary(address) {
  if (!entries.has(address))
    entries.set(address, fetch(address).then(async (response) => {
      if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
      return new DOMParser().parseFromString(await response.text(), "text/html");
    }).catch((error) => { entries.delete(address); throw error; }));
  return entries.get(address);
}

/** The entry's heading and what follows it, its links made to hold on this page. */
function entry(found, link) {
  const heading = found.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!heading) throw new Error(`no ${link.hash} in the glossary`);
  heading.querySelector(".headerlink")?.remove();
  const parts = [make("strong", {}, ...heading.childNodes)];
  for (let next = heading.nextElementSibling; next?.localName === "p"; next = next.nextElementSibling) parts.push(next.cloneNode(true));
  for (const each of parts.flatMap((part) => [...part.querySelectorAll("a")])) each.href = new URL(each.getAttribute("href"), link.href);
  return parts.map((part) => document.adoptNode(part));
}

function place(note, link) {
  const [{ left, top, bottom }, { width, height }] = [link.getClientRects()[0], note.getBoundingClientRect()];
  const above = bottom + height > innerHeight && top > height;
  note.style.left = `${scrollX + Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
  note.style.top = `${scrollY + (above ? top - height - 4 : bottom + 4)}px`;
}

async function show(link) {
  const { origin, pathname } = new URL(link.href);
  try {
    const parts = entry(await glossary(origin + pathname), link);
    const note = make("div", { popover: "auto", className: "term-note md-typeset", tabIndex: -1, role: "dialog", ariaLabel: "Glossary" }, ...parts);
    note.addEventListener("toggle", ({ newState }) => newState === "closed" && note.remove());
    document.body.append(note);
    note.showPopover({ source: link });
    place(note, link);
    note.focus({ preventScroll: true });
  } catch (error) {
    console.warn("study-term:", error);
    location.assign(link.href);
  }
}

/** Ahead of the theme's own listener, which would lead to the glossary at once. */
function clicked(event) {
  const link = event.target.closest?.("a.term");
  if (!link) return event.target.closest?.(".term-note a")?.closest("[popover]").hidePopover();
  const ownTab = event.ctrlKey || event.metaKey || event.shiftKey;
  if (ownTab || location.protocol === "file:" || !link.showPopover) return;
  event.preventDefault();
  event.stopPropagation();
  show(link);
}

globalThis.document?.addEventListener("click", clicked, true);
