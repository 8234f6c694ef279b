// The scheduler and the review page's part, loaded when a reader begins to study.

import { script } from "./elements.js";

const REVIEW = globalThis.document && new URL("review.js", document.currentScript.src).href;

/** What docs/assets/review.js exports. */
export async function scheduling() {
  if (!globalThis.studyReview) await script(REVIEW);
  return globalThis.studyReview;
}
