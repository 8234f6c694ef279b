// A drawing as a file of its own: in the light palette on white, whatever the page shows.

const INK = "#1f2328";
const PAPER = "#ffffff";

/** The drawing with its words, as the text of an SVG file; colour tells a palette's value. */
export function standalone(svg, words, colour) {
  const copy = svg.cloneNode(true);
  const part = (name, properties) => Object.assign(document.createElementNS(copy.namespaceURI, name), properties);
  const [x, y, width, height] = copy.getAttribute("viewBox").split(" ");
  const ground = part("rect");
  for (const [name, value] of Object.entries({ x, y, width, height, fill: PAPER })) ground.setAttribute(name, value);
  copy.prepend(part("title", { textContent: words }), ground);
  copy.removeAttribute("aria-hidden");
  copy.setAttribute("width", `${width}pt`);
  copy.setAttribute("height", `${height}pt`);
  copy.setAttribute("style", "font-family: sans-serif; stroke-linecap: butt; stroke-linejoin: round");
  return new XMLSerializer().serializeToString(copy)
    .replaceAll("currentColor", INK)
    .replaceAll("var(--fig-paper)", PAPER)
    .replace(/var\((--fig-c\d)\)/g, (_, name) => colour(name));
}

/** roc_auc.figure with threshold 0.5 is roc_auc-threshold-0.5.svg. */
export function fileName(figure, moved) {
  const name = [figure.replace(/\.figure$/, ""), ...moved.map(([knob, text]) => `${knob.split(".").at(-1)}-${text.replaceAll("−", "-")}`)].join("-");
  return `${name.replace(/[^\w.-]+/g, "-")}.svg`;
}
