// What a reader typed, held against what was computed.

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
const NUMBER = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?";
const VALUE = new RegExp(`^(${NUMBER})(?:([*/])(${NUMBER}))?(%)?$`);
const POWER = new RegExp(`^(?:(${NUMBER})\\*)?(${NUMBER})\\^\\(?([-+]?\\d+)\\)?$`);

/** A number as people write it: 0.25, 1/4, 25 %, 3e-4, 3×10⁻⁴, 2^20; NaN if it is none. */
export function number(text) {
  const plain = text
    .trim().toLowerCase()
    .replace(/[\u2212\u2013]/g, "-")
    .replace(/10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)/g, (_, digits) => `10^${[...digits].map((c) => "0123456789-"[SUPERSCRIPT.indexOf(c)]).join("")}`)
    .replace(/[×·]/g, "*")
    .replace(/[\s_]/g, "")
    // A comma is a decimal one where it cannot part thousands.
    .replace(/^([-+]?\d*),(\d+)$/, (whole, left, right) => (right.length === 3 && left && left !== "0" ? left + right : `${left}.${right}`))
    .replace(/,(?=\d{3}(\D|$))/g, "");
  const power = POWER.exec(plain);
  if (power) return Number(power[1] ?? 1) * Number(power[2]) ** Number(power[3]);
  const value = VALUE.exec(plain);
  if (!value) return NaN;
  const [, left, sign, right, percent] = value;
  const computed = sign === "/" ? left / right : sign === "*" ? left * right : Number(left);
  return percent ? computed / 100 : computed;
}

/** Whether a number is near enough; within is "5%" of the value, or a distance. */
export function isNear(given, value, within) {
  const reach = within.endsWith("%") ? (Math.abs(value) * parseFloat(within)) / 100 : Number(within);
  // A hair more, so that what lies on the edge by its decimals is right.
  return Math.abs(given - value) <= reach * (1 + 1e-9) + Number.MIN_VALUE;
}

/** Whether code would print this; spaces and quotation marks do not count. */
export function isPrinted(given, printed) {
  const plain = (text) => text.trim().replace(/["']/g, "'").replace(/\s+/g, " ").replace(/ ?([,()[\]{}:]) ?/g, "$1");
  const [one, other] = [plain(given), plain(printed)];
  return one === other || (one !== "" && Number(one) === Number(other));
}
