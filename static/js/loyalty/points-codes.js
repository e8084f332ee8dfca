// The codes a customer can use.
import { buildCode } from "../core/codes.js";
import { make } from "../core/dom.js";

const buildCoupon = (context, { name, code, text }) => {
  const shown = buildCode(context, code);
  shown.lastChild.setAttribute("aria-label", `${context.ui.copy}: ${name}`);
  const about = make("div", {}, make("b", { dir: "auto" }, name), make("p", { class: "muted" }, text));
  return make("li", { class: "code slip", tabindex: "-1" }, about, shown);
};

export const buildCodes = (context, codes) =>
  make("ul", { class: "codes" }, ...codes.map((code) => buildCoupon(context, code)));
