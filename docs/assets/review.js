// What studying across pages takes: the review page, and the marks in the index of all
// questions. Loaded when first needed; what it shares with study.js is handed in.

import { make } from "./elements.js";
import * as plots from "./plots.js";
import { calibration, DAY, dayOf, due, forecast, intervals, isMastered, plan, recall, replayed, wait } from "./schedule.js";

const FRESH = 10; // new cards a day, unless the reader chooses
const REMIND = 7 * DAY;
const EXPORTED = "study-notes:exported";

const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;
const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
const zone = () => new Date().getTimezoneOffset();

/** The review page; returns what to call when it goes away. */
async function review(root, { progress, deck, placed, address }) {
  const { sections, pages, cards } = await deck();
  const part = (name, tag = "div", properties = {}) => root.appendChild(make(tag, { className: name, ...properties }));
  root.replaceChildren();
  const trouble = part("trouble", "p", { role: "status" });
  const choices = part("choices");
  const counts = part("counts", "p", { role: "status" });
  const stage = part("stage", "section", { tabIndex: -1, ariaLabel: "Card" });
  const after = part("after");
  const statistics = part("statistics");
  const data = part("data");

  const group = (label, options) => make("optgroup", { label }, ...options.map(([value, text]) => make("option", { value }, text)));
  const tags = [...new Set(Object.values(pages).flatMap((page) => page.tags))].sort();
  const from = make("select", { onchange: () => next() }, make("option", { value: "" }, "all pages"),
    group("Section", Object.entries(sections).map(([name, title]) => [name, plain(title)])),
    group("Tag", tags.map((tag) => [`tag ${tag}`, tag])));
  const isAsked = ({ section, tags }) => [section, ...tags.map((tag) => `tag ${tag}`)].includes(from.value);
  const fresh = make("input", { type: "number", min: 0, max: 100, onchange: () => set("fresh", fresh.valueAsNumber, fresh.validity.valid && fresh.value !== "") });
  const interview = make("input", { type: "date", onchange: () => set("interview", interview.value ? Date.parse(`${interview.value}T00:00`) : null, interview.validity.valid) });
  const field = (text, input) => make("label", {}, make("span", {}, text), input);
  choices.append(field("Ask from", from), field("New cards a day", fresh), field("Interview on", interview));

  let current; // the id of the card that is asked
  let last; // the card graded before, which can be asked again

  async function set(name, value, valid) {
    if (valid) await progress.add({ set: name, value });
  }

  async function planned() {
    const { reviews, pages: read, settings } = await progress.told();
    const mine = cards.filter(({ page }) => !from.value || isAsked(pages[page]));
    return {
      reviews,
      settings,
      ...plan({
        cards: mine, reviews, pages: read, now: Date.now(), zone: zone(),
        fresh: settings.get("fresh") ?? FRESH, interview: settings.get("interview"),
      }),
    };
  }

  async function next(id) {
    const { ready, unseen, soon, next: later } = await planned();
    const card = cards.find((each) => each.id === id) ?? ready[0] ?? unseen[0] ?? soon[0];
    current = card?.id;
    stage.replaceChildren(...(card ? asked(card) : [done(later)]));
    const shown = stage.querySelector("study-card");
    if (shown?.hasAttribute("vary")) await shown.vary().catch(() => {});
    await show();
    return shown;
  }

  function asked(card) {
    const { title, questions } = pages[card.page];
    const from = make("p", { className: "from" }, make("a", { href: address(card.page, card.question) }));
    from.firstChild.innerHTML = placed(questions[card.question] ?? title);
    const holder = make("div");
    holder.innerHTML = placed(card.html);
    // Where it comes from could give the answer away.
    const source = make("details", { className: "source" }, make("summary", {}, "Where this comes from"), from);
    return [...holder.children, source];
  }

  function done(later) {
    const left = later === null ? "There is no card left here." : `Nothing to ask now; the next card is due in ${wait(later - Date.now())}.`;
    return make("p", { className: "done" }, left);
  }

  /** Everything but the card. */
  async function show() {
    const { ready, unseen, reviews, settings } = await planned();
    const today = dayOf(Date.now(), zone());
    const sofar = [...reviews.values()].flat().filter(({ at }) => dayOf(at, zone()) === today).length;
    counts.textContent = `${ready.length} due · ${unseen.length} new · ${sofar} answered today`;
    if (document.activeElement !== fresh) fresh.value = settings.get("fresh") ?? FRESH;
    const day = settings.get("interview");
    if (document.activeElement !== interview) interview.value = day ? dateText(day) : "";
    after.replaceChildren(...(last ? [make("button", { type: "button", className: "undo", onclick: undo }, "Undo the last grade (u)")] : []));
    trouble.textContent = progress.trouble;
    if (!statistics.querySelector(":focus")) drawStatistics(reviews, settings.get("interview"));
    await remind(reviews);
  }

  function drawStatistics(reviews, day) {
    const now = Date.now();
    const section = (id) => plain(sections[pages[cards.find((card) => card.id === id)?.page]?.section] ?? "") || undefined;
    const begun = new Map([...reviews].filter(([id]) => cards.some((card) => card.id === id)));
    const groups = recall(begun, section);
    const bins = calibration(begun);
    const name = (i) => (i ? new Date(now + i * DAY).toLocaleDateString("en", { weekday: "short" }).slice(0, 2) : "now");
    const shown = (title, text, drawing) => make("figure", {}, make("figcaption", {}, make("strong", {}, title), ` ${text}`), drawing);
    const width = Math.min(560, statistics.clientWidth); // letters of one size everywhere
    const mastered = [...begun.values()].filter(isMastered).length;
    const head = make("p", {}, `${begun.size} of ${count(cards.length, "card")} begun, ${mastered} mastered: recalled last time, and likely to be for three weeks.`);
    const reviewed = groups.reduce((sum, group) => sum + group.count, 0);
    statistics.replaceChildren(make("h2", {}, "How it goes"), head,
      ...(begun.size ? [shown("Due.", "Cards to answer on each of the next 14 days.", plots.forecast(forecast(begun, now, zone(), day, 14), name, width))] : []),
      ...(reviewed ? [
        shown("Recalled.", "The share of cards that you still knew after half a day or more, by section; the stroke is what the scheduler predicted.", plots.recall(groups, width)),
        shown("Predicted and measured.", "Each point is a group of answers with a similar prediction. The number is how many answers: a group of few says little. Above the line you know more than predicted.", plots.calibration(bins, width)),
      ] : [make("p", {}, "What you recall shows here once you have answered cards again after half a day or more.")]));
  }

  async function remind(reviews) {
    const [note] = data.querySelectorAll(".remind");
    const kept = await navigator.storage?.persisted?.().catch(() => false);
    let before = 0;
    try { before = Number(localStorage.getItem(EXPORTED)); } catch { /* then it was never */ }
    const since = [...reviews.values()].flat().filter(({ at }) => at > before).length;
    const needed = !kept && since >= 20 && Date.now() - before > REMIND;
    note.textContent = needed ? `This browser may delete what sites keep when space is short or after weeks without a visit. ${count(since, "answer")} since the last export: export them now and then.` : "";
  }

  function setUpData() {
    const file = make("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: load, tabIndex: -1, ariaLabel: "File to import" });
    const status = make("p", { className: "told", role: "status" });
    data.append(make("h2", {}, "Your progress"),
      make("p", {}, "It is kept in this browser only and sent nowhere. Export it to keep a copy or to carry it to another browser; an import adds what is missing and changes nothing else."),
      make("p", { className: "remind", role: "status" }),
      make("p", {}, make("button", { type: "button", onclick: save }, "Export"), " ",
        make("button", { type: "button", onclick: () => file.click() }, "Import…"), file, " ",
        make("a", { href: address("assets/study-notes.apkg"), download: "study-notes.apkg" }, "All cards for Anki")),
      status);

    async function save() {
      const url = URL.createObjectURL(new Blob([await progress.export()], { type: "application/json" }));
      make("a", { href: url, download: `study-notes-${dateText(Date.now())}.json` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      try { localStorage.setItem(EXPORTED, Date.now()); } catch { /* then it reminds again */ }
      status.textContent = `Exported ${count((await progress.events()).length, "record")}.`;
      await show();
    }

    async function load() {
      try {
        const { fresh, unreadable } = await progress.import(await file.files[0].text());
        const left = unreadable ? ` ${count(unreadable, "record")} in the file could not be read and ${unreadable > 1 ? "were" : "was"} left out.` : "";
        status.textContent = (fresh ? `Added ${count(fresh, "record")}.` : "Everything in the file was here already.") + left;
      } catch (error) {
        status.textContent = `Nothing was imported: ${error.message}`;
      }
      file.value = "";
    }
  }

  async function undo() {
    const { event, card } = last;
    last = undefined;
    await progress.add({ undo: event });
    focus(await next(card));
  }

  function focus(shown) {
    (shown?.querySelector("input:not([type=radio])") ?? stage).focus({ preventScroll: true });
  }

  async function graded({ detail }) {
    const events = await progress.events();
    last = { card: detail.card, event: events.findLast((event) => event.card === detail.card)?.id };
    focus(await next());
  }

  function pressed(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea")) return;
    const card = stage.querySelector("study-card");
    if (key === "u" && last) undo();
    else if (card?.isAsking && /^[1-4]$/.test(key)) card.grade(Number(key));
    else if (card && (key === " " || key === "Enter") && target === stage) card.reveal();
    else return;
    event.preventDefault();
    event.stopPropagation(); // the theme has letters of its own
  }

  async function changed() {
    const { ready, unseen, soon } = await planned();
    const wanted = [...ready, ...unseen, ...soon].some(({ id }) => id === current);
    const card = stage.querySelector("study-card");
    const busy = card?.isAsking || card?.contains(document.activeElement);
    // Graded in another tab, or nothing was due before.
    if ((current && !wanted && !busy) || (!current && (ready.length || unseen.length))) await next();
    else await show();
  }

  setUpData();
  stage.addEventListener("card-graded", graded);
  root.addEventListener("keydown", pressed);
  progress.addEventListener("changed", changed);
  progress.addEventListener("trouble", changed);
  const shown = await next();
  if (document.activeElement === document.body) focus(shown);
  return () => {
    progress.removeEventListener("changed", changed);
    progress.removeEventListener("trouble", changed);
  };
}

function dateText(at) {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** Marks pages read and questions mastered in the index; says how far the reader is. */
async function marks(root, { progress, places, address, pageAt }) {
  const cards = await places();
  const links = [...document.querySelectorAll("a.page, a.question")];

  async function show() {
    const { reviews, pages, settings } = await progress.told();
    const known = new Map();
    for (const { id, page, question } of cards) {
      const place = address(page, question);
      known.set(place, [...(known.get(place) ?? []), reviews.get(id)]);
    }
    let [read, mastered] = [0, 0];
    for (const link of links) {
      const isPage = link.classList.contains("page");
      const found = known.get(link.href) ?? [];
      const state = isPage ? (pages.get(pageAt(link.href)) ? "read" : "")
        : found.length && found.every(isMastered) ? "mastered" : found.some(Boolean) ? "begun" : "";
      link.dataset.state = state;
      link.title = state;
      read += state === "read";
      mastered += state === "mastered";
    }
    const of = (name) => links.filter((link) => link.classList.contains(name)).length;
    const { ready } = plan({ cards, reviews, pages, now: Date.now(), zone: zone(), fresh: 0, interview: settings.get("interview") });
    root.replaceChildren(`${read} of ${of("page")} pages read · ${mastered} of ${of("question")} questions mastered · `,
      make("a", { href: address("review/") }, ready.length ? `${count(ready.length, "card")} due` : "review"));
  }

  progress.addEventListener("changed", show);
  await show();
  return () => progress.removeEventListener("changed", show);
}

globalThis.studyReview = {
  review, marks, // parts of pages
  calibration, due, forecast, intervals, isMastered, plan, recall, replayed, wait,
};
