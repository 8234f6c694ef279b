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
  return draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words, class: "plot" }, ...parts);
}

/** Bars of how many cards are due on each day, today first. */
export function forecast(counts, dayName) {
  const [width, height, base] = [560, 170, 140];
  const step = width / counts.length;
  const most = Math.max(...counts, 1);
  const bars = counts.flatMap((count, i) => {
    const tall = (count / most) * 110;
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
export function recall(groups) {
  const [width, row, left, full] = [560, 34, 190, 250];
  const rows = groups.flatMap(({ group, recalled, predicted, count }, i) => {
    const y = i * row + 8;
    const at = left + predicted * full;
    return [
      label(left - 10, y + 14, group, "end"),
      draw("rect", { x: left, y, width: full, height: 20, class: "room" }),
      draw("rect", { x: left, y, width: recalled * full, height: 20, class: "measured" }),
      draw("line", { x1: at, y1: y - 4, x2: at, y2: y + 24, class: "predicted" }),
      label(left + full + 10, y + 14, `${percent(recalled)} of ${count}`, "start"),
    ];
  });
  const words = groups.map(({ group, recalled, predicted, count }) => `${group}: ${percent(recalled)} of ${count} recalled, ${percent(predicted)} predicted`);
  return plot(width, groups.length * row + 8, words.join("; "), ...rows);
}

/** Measured against predicted recall, a point a bin, as large as it has reviews. */
export function calibration(bins) {
  const [size, left] = [240, 60];
  const [x, y] = [(share) => left + share * size, (share) => size + 12 - share * size];
  const most = Math.max(...bins.map(({ count }) => count));
  const points = bins.flatMap(({ predicted, recalled, count }) => [
    draw("circle", { cx: x(predicted), cy: y(recalled), r: 4 + 8 * Math.sqrt(count / most), class: "measured" }),
    label(x(predicted) - 16, y(recalled) + 4, count, "end"),
  ]);
  const ticks = [0, 0.5, 1].flatMap((share) => [label(x(share), size + 32, percent(share)), label(left - 8, y(share) + 4, percent(share), "end")]);
  const axes = draw("path", { d: `M${left} 12V${size + 12}H${left + size}`, class: "axis" });
  const same = draw("line", { x1: x(0), y1: y(0), x2: x(1), y2: y(1), class: "predicted" });
  const words = bins.map(({ predicted, recalled, count }) => `predicted ${percent(predicted)}, recalled ${percent(recalled)} of ${count}`);
  return plot(560, size + 56, words.join("; "), axes, same, ...ticks, ...points,
    label(x(0.5), size + 50, "predicted recall"), label(left + size + 14, y(0.97), "as predicted", "start", "word"),
    label(left + size + 14, y(0.5), "measured recall, with how many reviews", "start", "word"));
}
