// All cards of the site, as the build gathered them: loaded when first asked for.

import { script } from "./elements.js";

const SITE = globalThis.document && new URL("../../", document.currentScript.src);

/** The deck; links in its HTML hold from the site's root. */
export async function deck() {
  if (!globalThis.studyDeck) await script(new URL("assets/cards.js", SITE).href);
  return globalThis.studyDeck;
}

/** HTML of the deck, for a page anywhere. */
export function placed(html) {
  return html.replaceAll('href="{root}', `href="${SITE.href}`);
}

/** The address of a page of the site. */
export function address(page, anchor = "") {
  return new URL(`${page}${anchor && `#${anchor}`}`, SITE).href;
}
