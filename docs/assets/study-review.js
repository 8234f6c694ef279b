// <study-review>: what is due across all pages. <study-progress>: marks in the index of
// all questions. Both are in review.js, which is loaded where one of them stands.

import { address, deck, pageAt, placed, places } from "./deck.js";
import { progress } from "./progress.js";
import { scheduling } from "./scheduling.js";

const Base = globalThis.HTMLElement ?? class {};

class Studying extends Base {
  #leave;

  async connectedCallback() {
    try {
      const parts = await scheduling();
      if (this.isConnected) this.#leave ??= await parts[this.part](this, { progress, deck, placed, places, address, pageAt });
    } catch (error) {
      this.textContent = "This part could not be loaded; reload the page to try again.";
      console.error(`${this.localName}:`, error);
    }
  }

  disconnectedCallback() {
    this.#leave?.();
    this.#leave = undefined;
  }
}

class StudyReview extends Studying { part = "review"; }
class StudyProgress extends Studying { part = "marks"; }

globalThis.customElements?.define("study-review", StudyReview);
globalThis.customElements?.define("study-progress", StudyProgress);
