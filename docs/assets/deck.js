// All cards of the site, as the build gathered them: loaded when first asked for.

import { script } from "./elements.js";

const SITE = globalThis.document && new URL("../../", document.currentScript.src);
// From a server a folder is its page; opened as a file it would be a list of files.
const INDEX = globalThis.location?.protocol === "file:" ? "index.html" : "";

/** The deck; links in its HTML hold from the site's root. */
export async function deck() {
  if (!globalThis.studyDeck) await script(new URL("assets/cards.js", SITE).href);
  return globalThis.studyDeck;
}

/** Where each card stands: its id, page and question. */
export async function places() {
  if (!globalThis.studyPlaces) await script(new URL("assets/places.js", SITE).href);
  return globalThis.studyPlaces;
}

/** HTML of the deck, for a page anywhere. */
export function placed(html) {
  return html.replace(/href="\{root\}([^"#]*)/g, (_, path) => `href="${address(path)}`);
}

/** The address of a page of the site, or of a file. */
export function address(path, anchor = "") {
  const index = path === "" || path.endsWith("/") ? INDEX : "";
  return new URL(`${path}${index}${anchor && `#${anchor}`}`, SITE).href;
}

/** The page at an address, as the deck and the log name it. */
export function pageAt(url) {
  return decodeURI(url.split(/[?#]/)[0].slice(SITE.href.length)).replace(/(^|\/)index\.html$/, "$1");
}
