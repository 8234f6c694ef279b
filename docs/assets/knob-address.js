// Knob positions in the page's address, ?roc_auc.threshold=0.5, so that readers can share
// what they see. What comes out of an address only ever picks one of a knob's own values.

/** What a knob is called in an address. */
export const keyOf = (name) => name.replace(".figure.", ".");

/** A value as an address has it: with the hyphen that keyboards have. */
const written = (text) => text.replaceAll("−", "-");

/** The stop of these values that the query gives to a knob, or undefined. */
export function stopIn(query, name, values) {
  const asked = new URLSearchParams(query).get(keyOf(name));
  const stop = values.findIndex((text) => written(text) === asked);
  return stop < 0 ? undefined : stop;
}

/** The query with these knobs' values, [[name, text], …]; without a text a knob leaves it. */
export function queryWith(query, knobs) {
  const found = new URLSearchParams(query);
  for (const [name, text] of knobs)
    if (text === undefined) found.delete(keyOf(name));
    else found.set(keyOf(name), written(text));
  return `${found}` && `?${found}`;
}
