// The theme glides through the table of contents, also for a reader who wants less motion.
const less = matchMedia("(prefers-reduced-motion: reduce)");
const { scrollTo } = Element.prototype;

Element.prototype.scrollTo = function (...where) {
  if (less.matches && where.length === 1) where = [{ ...where[0], behavior: "instant" }];
  scrollTo.apply(this, where);
};
