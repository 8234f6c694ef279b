// <study-quiz>: the switch that hides the answers under a page's questions until tried.
// <study-read>: marks the page as read. The build puts each on every page of questions.

import { make } from "./elements.js";
import { progress } from "./progress.js";
import { pageAt } from "./deck.js";

const KEY = "study-notes:quiz";
const Base = globalThis.HTMLElement ?? class {};

function remembered() {
  try { return localStorage.getItem(KEY) === "on"; } catch { return false; }
}

export class StudyQuiz extends Base {
  #switch;

  connectedCallback() {
    addEventListener("hashchange", this);
    addEventListener("storage", this);
    addEventListener("click", this); // a link to the place that one is at changes no hash
    if (!this.#switch) {
      this.#switch = make("button", { type: "button", role: "switch", onclick: () => this.#turn(!this.#isOn) }, "Quiz me");
      this.append(this.#switch, make("span", {}, "Hide the answers until I have tried"));
    }
    this.#show(remembered());
  }

  disconnectedCallback() {
    for (const type of ["hashchange", "storage", "click"]) removeEventListener(type, this);
  }

  handleEvent({ type, key, newValue, target }) {
    if (type === "storage") return key === KEY && this.#show(newValue === "on");
    if (type === "click" && !target.closest?.('a[href*="#"]')) return;
    setTimeout(() => this.#open(this.#aimed)); // after the browser has gone there
  }

  get #isOn() { return this.#switch.ariaChecked === "true"; }
  get #answers() { return [...this.closest("article, body").querySelectorAll(".answer")]; }

  get #aimed() {
    try { return document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".answer"); } catch { return null; }
  }

  #turn(on) {
    try { localStorage.setItem(KEY, on ? "on" : "off"); } catch { /* it holds for this page */ }
    this.#show(on);
  }

  #show(on) {
    this.#switch.ariaChecked = String(on);
    for (const answer of this.#answers) on ? this.#hide(answer) : this.#open(answer);
  }

  #hide(answer) {
    if (answer.hidden || answer === this.#aimed) return;
    // Found by the browser's own search all the same, where it knows how.
    answer.setAttribute("hidden", "until-found");
    answer.onbeforematch = () => this.#open(answer);
    answer.before(make("button", { type: "button", className: "reveal", onclick: () => this.#open(answer, true) }, "I have tried: show the answer"));
  }

  #open(answer, focus) {
    if (!answer?.hidden) return;
    answer.removeAttribute("hidden");
    answer.previousElementSibling.remove();
    if (!focus) return;
    answer.tabIndex = -1;
    answer.focus({ preventScroll: true });
  }
}

export class StudyRead extends Base {
  #button;

  connectedCallback() {
    progress.addEventListener("changed", this);
    if (!this.#button) {
      this.#button = make("button", { type: "button", ariaPressed: "false", onclick: () => this.#turn() }, "Mark this page as read");
      this.append(this.#button, make("span", { role: "status" }));
    }
    this.handleEvent();
  }

  disconnectedCallback() {
    progress.removeEventListener("changed", this);
  }

  /** The page's address below the site's, as the deck has it. */
  get #page() { return pageAt(location.href); }

  async handleEvent() {
    const at = (await progress.told()).pages.get(this.#page);
    this.#button.ariaPressed = String(!!at);
    this.#button.textContent = at ? `Read on ${new Date(at).toLocaleDateString("en", { dateStyle: "medium" })}` : "Mark this page as read";
    this.#button.title = at ? "Take the mark away" : "";
  }

  async #turn() {
    await progress.add({ page: this.#page, read: this.#button.ariaPressed !== "true" });
    this.lastChild.textContent = progress.trouble;
  }
}

globalThis.customElements?.define("study-quiz", StudyQuiz);
globalThis.customElements?.define("study-read", StudyRead);
