// When a card is asked again: FSRS-6 by ts-fsrs with its published default parameters,
// replayed from the log each time. The time comes in as an argument, in ms since 1970.

import { createEmptyCard, fsrs, State } from "ts-fsrs";

export const DAY = 86_400_000;
const SOON = 20 * 60_000; // a card in its first minutes may come a little early
const MASTERED = 21; // days for which nine in ten would still be recalled
const scheduler = fsrs();

/** What these reviews of one card, in order, have led to; each with what was predicted. */
export function replayed(reviews) {
  let card = createEmptyCard(new Date(reviews[0]?.at ?? 0));
  const history = reviews.map(({ at, grade }) => {
    const before = card.last_review?.getTime();
    const predicted = before === undefined ? null : scheduler.get_retrievability(card, new Date(at), false);
    card = scheduler.next(card, new Date(at), grade).card;
    return { at, grade, predicted, days: before === undefined ? 0 : (at - before) / DAY };
  });
  return { card, history };
}

/** When a card is next asked. With an interview ahead no interval is longer than half of
 *  the time left: each card comes back before, and more often as the day comes near. (How
 *  the reviews are spread matters little, that they are spread matters: Latimier, Peyre &
 *  Ramus 2021, Educational Psychology Review 33.) */
export function due(card, interview) {
  const [last, planned] = [card.last_review.getTime(), card.due.getTime()];
  if (!interview || interview <= last) return planned;
  return Math.min(planned, last + Math.max(DAY, (interview - last) / 2));
}

/** By grade, how long until this card is asked again, in ms. */
export function intervals(reviews, now, interview) {
  return [1, 2, 3, 4].map((grade) => due(replayed([...reviews, { at: now, grade }]).card, interview) - now);
}

/** Whether a card is mastered: recalled last time, and for three weeks to come. */
export function isMastered(reviews) {
  if (!reviews?.length) return false;
  return reviews.at(-1).grade > 1 && replayed(reviews).card.stability >= MASTERED;
}

/** A number from 0 to 2³² that looks random but is always the same for a text. */
function scattered(text) {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The day of the reader's clock; zone is minutes west of Greenwich, as Date gives it. */
export function dayOf(at, zone) {
  return Math.floor((at - zone * 60_000) / DAY);
}

/** What to ask now. `cards` are the deck's in reading order, `reviews` the log's by card.
 *  Due cards come mixed across pages, then as many new ones as are left for today, those
 *  of pages already read or begun first. */
export function plan({ cards, reviews, pages, now, zone, fresh, interview }) {
  const today = dayOf(now, zone);
  const begun = new Set();
  let left = fresh;
  for (const { id, page } of cards) {
    const first = reviews.get(id)?.[0];
    if (!first) continue;
    begun.add(page);
    if (dayOf(first.at, zone) === today) left -= 1;
  }
  const known = cards.filter(({ id }) => reviews.has(id)).map((card) => {
    const state = replayed(reviews.get(card.id)).card;
    const at = due(state, interview);
    // What is learnt in minutes waits for its minute; the rest is due the whole day.
    const isReady = at <= now || (state.state === State.Review && dayOf(at, zone) <= today);
    return { ...card, due: at, isReady };
  });
  const order = (card) => scattered(`${today} ${card.id}`);
  const ready = known.filter(({ isReady }) => isReady).sort((a, b) => order(a) - order(b));
  const waiting = known.filter(({ isReady }) => !isReady).sort((a, b) => a.due - b.due);
  const later = ({ page }) => !begun.has(page) && !pages.get(page);
  const unseen = cards.filter(({ id }) => !reviews.has(id));
  const [first, last] = [unseen.filter((card) => !later(card)), unseen.filter(later)];
  return {
    ready,
    unseen: [...first, ...last].slice(0, Math.max(0, left)),
    soon: waiting.filter((card) => card.due - now <= SOON),
    next: waiting[0]?.due ?? null,
  };
}

/** How many cards are due on each of the next days, today first with what is late. */
export function forecast(reviews, now, zone, interview, days) {
  const counts = Array(days).fill(0);
  for (const each of reviews.values()) {
    const day = Math.max(0, dayOf(due(replayed(each).card, interview), zone) - dayOf(now, zone));
    if (day < days) counts[day] += 1;
  }
  return counts;
}

/** Reviews after a day or more, with what was predicted: by card. */
function delayed(reviews) {
  return [...reviews].flatMap(([id, each]) => replayed(each).history.filter(({ days }) => days >= 0.5).map((review) => ({ id, ...review })));
}

const summary = (found) => ({
  count: found.length,
  recalled: found.filter(({ grade }) => grade > 1).length / found.length,
  predicted: found.reduce((sum, { predicted }) => sum + predicted, 0) / found.length,
});

/** Share recalled by group of cards, where a group has any delayed review. */
export function recall(reviews, groupOf) {
  const groups = new Map();
  for (const review of delayed(reviews)) {
    const group = groupOf(review.id);
    if (group === undefined) continue; // a card that is no longer asked
    groups.set(group, [...(groups.get(group) ?? []), review]);
  }
  return [...groups].map(([group, found]) => ({ group, ...summary(found) }));
}

/** Predicted against measured recall, in bins of the prediction. */
export function calibration(reviews, edges = [0, 0.5, 0.7, 0.8, 0.9, 1]) {
  const all = delayed(reviews);
  return edges.slice(1).flatMap((to, i) => {
    const found = all.filter(({ predicted }) => predicted >= edges[i] && (predicted < to || to === 1));
    return found.length ? [{ from: edges[i], to, ...summary(found) }] : [];
  });
}

/** A time to wait, in the words of buttons. */
export function wait(ms) {
  const [minutes, days] = [ms / 60_000, ms / DAY];
  if (minutes < 60) return `${Math.max(1, Math.round(minutes))} min`;
  if (days < 1) return `${Math.round(minutes / 60)} h`;
  if (days < 60) return `${Math.round(days)} d`;
  return days < 730 ? `${Math.round(days / 30.4)} mo` : `${(days / 365.25).toFixed(1)} y`;
}
