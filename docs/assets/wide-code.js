// Tab reaches code that scrolls. The theme sees to that when the code comes into sight,
// which is late for a reader who would get there by Tab.
const whenIdle = globalThis.requestIdleCallback ?? setTimeout; // Safari has none

function reach() {
  const blocks = [...document.querySelectorAll("article pre > code")];
  const wide = blocks.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
  for (const code of wide) code.tabIndex = 0;
}

globalThis.document$?.subscribe(() => whenIdle(reach)); // each page of this visit
