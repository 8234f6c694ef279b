// Typesets formulas with KaTeX: [[tex, display], ...] on standard input gives
// [{html} or {error}, ...] on standard output, in the same order.

import { text } from "node:stream/consumers";
import katex from "katex";

const macros = {
  "\\E": "\\mathbb{E}",
  "\\Var": "\\operatorname{Var}",
  "\\Cov": "\\operatorname{Cov}",
};

const slot = (kind, number) => `\uE000${kind} ${number}\uE001`;

// A quoted number may change under the reader's hand; its line must not. So
// every slot is as tall and as deep as the tallest number.
const tallest = katex.__renderToHTMLTree("-10^{-9}");

katex.__defineFunction({
  type: "quoted",
  names: ["\\quoted"],
  numArgs: 1,
  argTypes: ["raw"],
  allowedInArgument: true,
  handler({ parser, token }, [{ string }]) {
    if (!/^\d+$/.test(string)) {
      throw new katex.ParseError(`\\quoted takes a slot number, not '${string}'`, token);
    }
    return { type: "quoted", mode: parser.mode, slot: string };
  },
  htmlBuilder(group, options) {
    const open = { toMarkup: () => slot("html", group.slot) };
    const span = new katex.__domTree.Span(["mord"], [open], options);
    span.height = tallest.height;
    span.depth = tallest.depth;
    span.maxFontSize = options.sizeMultiplier;
    return span;
  },
  mathmlBuilder: (group) => ({
    toMarkup: () => `<mn>${slot("mathml", group.slot)}</mn>`,
  }),
});

// KaTeX would show a command that it does not trust in red; here it is a mistake.
function trust({ command }) {
  throw new katex.ParseError(`${command} is not allowed`);
}

function typeset([tex, displayMode]) {
  try {
    const html = katex.renderToString(tex, {
      displayMode,
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "error",
      trust,
      macros: { ...macros },
    });
    return { html };
  } catch (error) {
    const place = error.position === undefined ? "" : ` at position ${error.position + 1}`;
    return { error: (error.rawMessage ?? String(error)) + place };
  }
}

const formulas = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(formulas.map(typeset)));
