// The reviews of a product where <regulars-reviews product="..."> stands; without a product the
// wall: the reviews the store features.
//
// `page` is the loader's. Filters, photos, votes and reports come when somebody wants them.
import { getFocused, giveFocus, make, makeButton } from "../core/dom.js";
import { openFrame } from "../core/frame.js";
import { attributesStyle } from "./attributes-view.js";
import { address, begin, makeWords, toggle } from "./reviews-state.js";
import { reviewsStyle } from "./reviews-style.js";
import { buildReview, buildSelect, buildSide } from "./reviews-view.js";

const FORM = "regulars-review-form";

// A list of reviews that grows, and begins anew when others are asked for.
const buildList = (context, getState) => {
  const { page, words: { ui }, say } = context;
  const { voted } = page.read();
  const list = make("ol", { class: "list" });
  const note = make("p", { class: "note", hidden: "" });
  const tell = (...inside) => {
    note.replaceChildren(...inside);
    note.hidden = !inside.length;
  };
  let turn = 0;
  let cursor;
  const add = ({ reviews, next }) => {
    const items = reviews.map((review) => buildReview(context, review, !!voted?.[review.id]));
    list.append(...items);
    cursor = next;
    more.hidden = !next;
    return items[0];
  };
  const load = async (from) => {
    const mine = ++turn;
    list.setAttribute("aria-busy", "true");
    tell();
    try {
      const found = await page.ask(address(getState(), from));
      if (mine != turn) return;
      if (!from) list.replaceChildren();
      const first = add(found);
      if (!first) tell(ui.none_match);
      if (from) giveFocus(first);
      else say(first ? ui.updated : ui.none_match);
    } catch {
      if (mine != turn) return;
      tell(`${ui.failed} `, makeButton("link", () => load(from), ui.retry));
      say(ui.failed);
    }
    list.removeAttribute("aria-busy");
  };
  const more = makeButton("more", () => load(cursor), ui.more);
  return { add, load, parts: [note, list, more] };
};

const buildWall = (context, first) => {
  const { wall } = context.words.ui;
  const list = buildList({ ...context, content: { ...context.content, attributes: [] } }, begin);
  list.add(first);
  return make("section", { class: "wall", "aria-label": wall }, make("h2", {}, wall), ...list.parts);
};

// The form comes with the first click and stays, so that neither what was begun nor its thanks are lost.
const buildWriting = ({ words }, product, place) =>
  customElements.get(FORM) &&
  makeButton("send", (button) => {
    if (!place.firstChild) place.append(make(FORM, { product }));
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", !place.hidden);
  }, words.ui.write);

const buildPage = (context, first, product) => {
  const { content, words: { ui }, use, writings } = context;
  const { summary } = first;
  let state = begin(product, content.default_sort);
  const change = (next) => {
    state = next;
    press(state.stars);
    list.load();
  };
  const writing = (writings[product] ||= make("div", { class: "writing", hidden: "" }));
  const panel = make("div");
  const list = buildList(context, () => state);
  const { side, press } = buildSide(context, summary, buildWriting(context, product, writing), (stars) =>
    change(toggle(state, "stars", stars)),
  );
  const sort = buildSelect(ui.sort, Object.entries(ui.sorts), state.sort, (sort) => change({ ...state, sort }));
  const filter = makeButton(
    "quiet edge",
    (button) => use("toggleFilters", button, panel, summary, () => state, change),
    ui.filters,
  );
  list.add(first);
  press();
  const controls = summary.reviews > 1 ? make("div", { class: "controls" }, sort, filter) : "";
  const main = make("div", { class: "main" }, writing, controls, panel, ...list.parts);
  return make("section", { class: "reviews", "aria-label": ui.title }, side, main);
};

export const connect = async (page, host, first) => {
  const { content } = first;
  const name = () => host.getAttribute("product") || "";
  if (host.shadowRoot || !host.isConnected || !(name() || first.reviews.length)) return;
  const { box, say } = openFrame(host, content, reviewsStyle, attributesStyle);
  const adopt = (style) => host.shadowRoot.adoptedStyleSheets.push(style);
  const words = makeWords(content.ui, content.language);
  let brought;
  const use = async (action, ...values) => {
    try {
      const part = await (brought ||= import("./reading.js").then((read) => {
        adopt(read.formStyle);
        adopt(read.readingStyle);
        return read;
      }));
      await part[action](context, ...values);
    } catch {
      say(words.ui.not_sent);
    }
  };
  host.style.minHeight = host.getAttribute("reserve");
  const context = { page, content, words, say, use, writings: {} };
  const show = (found, product) => {
    const focused = getFocused();
    box.lastChild.replaceWith((product ? buildPage : buildWall)(context, found, product));
    if (focused?.isConnected) giveFocus(focused);
  };
  // The page of another product, in a shop that never reloads, or a review that is there now.
  const reload = async () => {
    const product = name();
    const found = await page.ask(address(begin(product, content.default_sort))).catch(() => {});
    if (found && product == name()) show(found, product);
  };
  box.append(make("div"));
  show(first, name());
  new MutationObserver(reload).observe(host, { attributeFilter: ["product"] });
  box.addEventListener("regulars:reviewed", ({ detail }) => detail?.outcome == "published" && reload());
};
