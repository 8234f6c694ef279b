// The review page's plots, as SVG in the colours of the figures. Each says in words what it
// shows, and every number stands in it.

const SVG = "http://www.w3.org/2000/svg";

function draw(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const label = (x, y, text, anchor = "middle", kind = "") => draw("text", { x, y, "text-anchor": anchor, class: kind }, text);

function plot(width, height, words, ...parts) {
  return draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words, class: "plot" }, ...parts);
}

/** Bars of how many cards are due on each day, today first. */
export function forecast(counts, dayName, width) {
  const [height, base] = [160, 130];
  const step = width / counts.length;
  const most = Math.max(...counts, 1);
  const bars = counts.flatMap((count, i) => {
    const tall = (count / most) * 105;
    const middle = (i + 0.5) * step;
    return [
      draw("rect", { x: middle - step * 0.36, y: base - tall, width: step * 0.72, height: tall, class: "measured" }),
      ...(count ? [label(middle, base - tall - 5, count)] : []),
      label(middle, base + 18, dayName(i)),
    ];
  });
  const line = draw("line", { x1: 0, y1: base, x2: width, y2: base, class: "axis" });
  return plot(width, height, `Cards due by day: ${counts.map((count, i) => `${dayName(i)} ${count}`).join(", ")}`, ...bars, line);
}

const percent = (share) => `${Math.round(share * 100)} %`;

/** Bars of the share recalled by section; the stroke is what was predicted. */
export function recall(groups, width) {
  const [row, full] = [48, width - 90];
  const rows = groups.flatMap(({ group, recalled, predicted, count }, i) => {
    const y = i * row;
    return [
      label(0, y + 13, group, "start"),
      draw("rect", { x: 0, y: y + 20, width: full, height: 16, class: "room" }),
      draw("rect", { x: 0, y: y + 20, width: recalled * full, height: 16, class: "measured" }),
      draw("line", { x1: predicted * full, y1: y + 16, x2: predicted * full, y2: y + 40, class: "predicted" }),
      label(full + 8, y + 33, `${percent(recalled)} of ${count}`, "start"),
    ];
  });
  const words = groups.map(({ group, recalled, predicted, count }) => `${group}: ${percent(recalled)} of ${count} recalled, ${percent(predicted)} predicted`);
  return plot(width, groups.length * row, words.join("; "), ...rows);
}

/** Measured against predicted recall, a point a bin, as large as it has reviews. */
export function calibration(bins, width) {
  const [size, left, top] = [Math.min(260, width - 70), 52, 24];
  const least = Math.min(0.5, ...bins.flatMap(({ predicted, recalled }) => [predicted, recalled]));
  const from = Math.floor(least * 10) / 10;
  const along = (share) => ((share - from) / (1 - from)) * size;
  const [x, y] = [(share) => left + along(share), (share) => top + size - along(share)];
  const most = Math.max(...bins.map(({ count }) => count));
  const points = bins.flatMap(({ predicted, recalled, count }) => {
    const r = 4 + 6 * Math.sqrt(count / most);
    return [
      draw("circle", { cx: x(predicted), cy: y(recalled), r, class: "measured" }),
      label(x(predicted) + r + 4, y(recalled) + 12, count, "start"),
    ];
  });
  const ticks = [from, (1 + from) / 2, 1].flatMap((share) => [
    label(x(share), top + size + 18, percent(share)),
    label(left - 6, y(share) + 4, percent(share), "end"),
  ]);
  const axes = draw("path", { d: `M${left} ${top}V${top + size}H${left + size}`, class: "axis" });
  const same = draw("line", { x1: x(from), y1: y(from), x2: x(1), y2: y(1), class: "predicted" });
  const words = bins.map(({ predicted, recalled, count }) => `predicted ${percent(predicted)}, recalled ${percent(recalled)} of ${count}`);
  return plot(width, size + 66, words.join("; "), axes, same, ...ticks, ...points,
    label(0, 12, "recalled", "start"), label(x((1 + from) / 2), top + size + 38, "predicted"));
}
