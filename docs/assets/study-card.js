// <study-card id="card-…" kind="recall|numeric|predict|choice">: a question to try, its
// answer, and a grade that goes into the reader's log.
//
// The build writes .question and a <details> with the answer, which is all there is without
// script. A card of kind numeric may `vary`: each asking has other numbers, which Python
// computed; they come with the deck.

import { isNear, isPrinted, number } from "./answers.js";
import { deck } from "./deck.js";
import { make } from "./elements.js";
import { progress } from "./progress.js";
import { scheduling } from "./scheduling.js";

const GRADES = ["Again", "Hard", "Good", "Easy"];
const MEANS = ["I did not know it", "I knew it with effort", "I knew it", "It was obvious"];
const HINTS = {
  numeric: "A number: 0.25, 1/4, 25 % or 3e-4.",
  predict: "What the last line prints.",
};
const Base = globalThis.HTMLElement ?? class {};

/** One of these, by a number from 0 up to 1. */
export function chosen(these, chance) {
  return these[Math.floor(chance * these.length)];
}

/** What an element says, formulas as their plain text: not every reader's tool reads MathML. */
function words(element) {
  const copy = element.cloneNode(true);
  for (const formula of copy.querySelectorAll(".katex")) formula.replaceWith(formula.querySelector("annotation")?.textContent ?? "");
  return copy.textContent.trim();
}

export class StudyCard extends Base {
  #answer; // where the reader answers: a form, unless the card is recalled only
  #verdict;
  #grades;
  #graded; // the event of the last grade
  #instance; // of a varied card

  connectedCallback() {
    if (this.#grades) return;
    const details = this.querySelector("details");
    if (this.#kind !== "recall") details.before((this.#answer = this.#form()));
    this.#verdict = make("p", { className: "verdict", role: "status" });
    this.#grades = make("div", { className: "grades", role: "group", ariaLabel: "How well did you know it?", hidden: true },
      ...GRADES.map((text, i) => make("button", { type: "button", value: i + 1, title: MEANS[i], onclick: () => this.grade(i + 1) }, text, make("small"))));
    details.before(this.#verdict);
    this.append(this.#grades);
    details.addEventListener("toggle", () => details.open && !this.#graded && this.#ask());
  }

  get #kind() { return this.getAttribute("kind"); }
  get #name() { return this.id.slice("card-".length); }

  /** Ask with numbers that are these, or others of the deck by chance. */
  async vary(chance = Math.random()) {
    const found = (await deck()).cards.find(({ id }) => id === this.#name)?.instances;
    if (!found?.length) return;
    this.#instance = chosen(found, chance);
    for (const place of this.querySelectorAll(".varied"))
      place.textContent = this.#instance.texts[place.dataset.quote];
    this.#start();
  }

  /** Ask again from the beginning. */
  #start() {
    this.#graded = undefined;
    this.#grades.hidden = true;
    this.#verdict.textContent = "";
    this.querySelector("details").open = false;
    this.#answer?.reset();
  }

  #form() {
    const form = make("form", { className: "try", noValidate: true, onsubmit: (event) => { event.preventDefault(); this.#check(); } });
    if (this.#kind === "choice") this.#choices(form);
    else form.append(make("input", {
      name: "given", autocomplete: "off", spellcheck: false, ariaLabel: "Your answer", title: HINTS[this.#kind],
      inputMode: this.#kind === "numeric" ? "text" : "", placeholder: this.#kind === "numeric" ? "a number" : "what it prints",
    }));
    form.append(make("button", {}, "Check"));
    if (this.hasAttribute("vary")) form.append(make("button", { type: "button", className: "other", onclick: () => this.vary().catch((error) => this.#fail(error)) }, "Other numbers"));
    return form;
  }

  #choices(form) {
    const list = this.querySelector(".question ul");
    const items = [...list.children].map((item, i) => {
      const value = item.hasAttribute("data-right") ? "right" : `wrong ${i}`;
      const input = make("input", { type: "radio", name: "given", value, ariaLabel: words(item) });
      return make("label", {}, input, make("span", {}, ...item.childNodes));
    });
    // In another order each time, so that the place is no hint.
    for (let i = items.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [items[i], items[j]] = [items[j], items[i]];
    }
    list.remove();
    form.append(make("fieldset", {}, make("legend", {}, "One is right."), ...items));
  }

  #check() {
    const given = String(new FormData(this.#answer).get("given") ?? "");
    const wrong = this.#problem(given);
    if (wrong) return (this.#verdict.textContent = wrong);
    const right = this.#isRight(given);
    this.classList.toggle("right", right);
    this.classList.toggle("wrong", !right);
    this.#verdict.textContent = right ? "Right." : "Not so. The answer says why.";
    this.#ask(right ? 3 : 1);
    this.querySelector("details").open = true;
  }

  #problem(given) {
    if (!given.trim()) return this.#kind === "choice" ? "Choose one first." : "Write an answer first.";
    if (this.#kind === "numeric" && Number.isNaN(number(given))) return `“${given.slice(0, 40)}” is not a number that can be read here. ${HINTS.numeric}`;
  }

  #isRight(given) {
    if (this.#kind === "choice") return given === "right";
    if (this.#kind === "predict") return isPrinted(given, this.getAttribute("prints"));
    const value = this.#instance?.value ?? Number(this.getAttribute("value"));
    return isNear(number(given), value, this.getAttribute("within"));
  }

  /** Ask for the grade; the one that is likely has the focus after a check. */
  async #ask(likely) {
    this.#graded = undefined;
    this.#grades.hidden = false;
    if (likely) this.#grades.children[likely - 1].focus();
    try {
      const { intervals, wait } = await scheduling();
      const { reviews, settings } = await progress.told();
      const found = intervals(reviews.get(this.#name) ?? [], Date.now(), settings.get("interview"));
      [...this.#grades.children].forEach((button, i) => (button.querySelector("small").textContent = wait(found[i])));
    } catch (error) {
      console.warn("study-card: no intervals:", error); // grades count without them
    }
  }

  /** Whether a grade is asked for now. */
  get isAsking() { return !this.#grades.hidden; }

  /** Reveal the answer. */
  reveal() { this.querySelector("details").open = true; }

  /** Log this grade; the card then says so. */
  async grade(grade) {
    if (this.#grades.hidden) return;
    this.#grades.hidden = true;
    this.#graded = await progress.add({ card: this.#name, grade });
    const undo = make("button", { type: "button", className: "undo", onclick: () => this.undo() }, "Undo");
    this.#verdict.replaceChildren(progress.trouble || `Noted: ${GRADES[grade - 1].toLowerCase()}. `, undo);
    if (document.activeElement === document.body) undo.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("card-graded", { bubbles: true, detail: { card: this.#name, grade } }));
  }

  /** Take the last grade back, by an event that says so. */
  async undo() {
    if (!this.#graded) return;
    const undone = this.#graded.id;
    this.#graded = undefined;
    await progress.add({ undo: undone });
    this.#verdict.textContent = "Taken back.";
    this.#ask();
    this.dispatchEvent(new CustomEvent("card-undone", { bubbles: true, detail: { card: this.#name } }));
  }

  #fail(error) {
    this.#verdict.textContent = "Other numbers could not be loaded; these remain.";
    console.error("study-card:", error);
  }
}

globalThis.customElements?.define("study-card", StudyCard);
