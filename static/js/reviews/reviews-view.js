// The summary of a product's reviews, and each of them, as elements. What shoppers wrote is put
// in as text, never as markup. `use(action, ...values)` is for what is fetched on use.
import { draw, make, makeButton } from "../core/dom.js";
import { CHECK } from "../core/parts.js";
import { describe, describeMeans } from "./attributes-view.js";
import { buildMedia } from "./media-view.js";
import { isLong, roundAverage } from "./reviews-state.js";
import { drawStars } from "./stars-view.js";

const GIFT = "M4 11h16v9H4zM3 7h18v4H3zM12 7v13M8 3l4 4 4-4";
const BARS = ["5", "4", "3", "2", "1"];

export const buildSelect = (label, choices, value, onChoose) => {
  const select = make("select", {}, ...choices.map(([value, text]) => make("option", { value }, text)));
  select.value = value;
  select.addEventListener("change", () => onChoose(select.value));
  return make("label", { class: "pick" }, make("span", {}, label), select);
};

const buildBars = (words, { stars, reviews }, onStars) =>
  BARS.map((name) => {
    const count = stars[name];
    const fill = make("span", { class: "fill" });
    fill.style.setProperty("--share", count / reviews);
    const bar = makeButton("bar", () => onStars(name), name, fill, words.number(count));
    bar.setAttribute("aria-label", `${words.count("stars", Number(name))}, ${words.count("reviews", count)}`);
    bar.disabled = !count;
    return bar;
  });

const buildScore = (words, { average, reviews }) => {
  const shown = roundAverage(average);
  const stars = make("span", { role: "img", "aria-label": words.average(shown) }, drawStars(average));
  const figure = make("span", { class: "average", "aria-hidden": "true" }, words.number(shown));
  return make("p", { class: "score" }, figure, make("span", {}, stars, words.count("reviews", reviews)));
};

export const buildSide = ({ words, content }, summary, writing, onStars) => {
  const { ui } = words;
  const bars = summary.reviews ? buildBars(words, summary, onStars) : [];
  const head = summary.reviews
    ? [buildScore(words, summary), make("div", { role: "group", "aria-label": ui.filters }, ...bars)]
    : [make("p", { class: "none" }, drawStars(0), make("b", {}, ui.none), writing ? ui.be_first : "")];
  const side = make(
    "div",
    { class: "side" },
    make("h2", {}, ui.title),
    ...head,
    describeMeans(words, content.attributes, summary.attributes),
    writing || "",
    make(
      "details",
      { class: "muted" },
      make("summary", {}, ui.authenticity),
      make("ul", {}, ...content.authenticity.map((sentence) => make("li", {}, sentence))),
    ),
  );
  const press = (stars) => bars.forEach((bar, place) => bar.setAttribute("aria-pressed", BARS[place] == stars));
  return { side, press };
};

const buildBody = (ui, { body, language }) => {
  const text = make("p", { class: "body", lang: language, dir: "auto" }, body);
  if (!isLong(body)) return [text];
  text.classList.add("cut");
  const open = (button) => {
    text.classList.remove("cut");
    button.remove();
  };
  return [text, makeButton("link", open, ui.read_more)];
};

const buildTags = ({ ui, say }, { author, verified, provider, incentivized, incentive }) => {
  const tag = (name, icon, text) => make("span", { class: `tag ${name}` }, draw(icon), text);
  const imported = provider ? say("verified_import", { provider }) : ui.verified_elsewhere;
  const paid = incentive ? say("incentive", { incentive }) : ui.incentivized;
  return make(
    "p",
    { class: "tags" },
    make("b", { dir: "auto" }, author || ui.anonymous),
    verified ? tag("verified", CHECK, verified == "order" ? ui.verified : imported) : "",
    provider && verified != "import" ? make("span", {}, say("from_provider", { provider })) : "",
    incentivized ? tag("paid", GIFT, paid) : "",
  );
};

const buildProduct = ({ say }, { title, url }) => {
  const told = say("about", { product: title });
  return make("p", { class: "muted" }, /^https?:/.test(url) ? make("a", { href: url, class: "link" }, told) : told);
};

const buildReply = ({ ui, say, day }, { author, body, at }) =>
  make(
    "div",
    { class: "reply" },
    make("p", { class: "by" }, make("b", {}, author ? say("reply", { author }) : ui.reply_store), day(at)),
    make("p", { class: "body", dir: "auto" }, body),
  );

// A button that says whether it is pressed, and how many have pressed theirs.
const buildVote = ({ words, use }, review, isVoted) => {
  const { ui } = words;
  const count = make("span");
  const show = (n, isPressed) => {
    count.textContent = n ? words.number(n) : "";
    button.setAttribute("aria-pressed", isPressed);
    button.setAttribute("aria-label", n ? `${ui.helpful}, ${words.count("found_helpful", n)}` : ui.helpful);
  };
  const button = makeButton("quiet", () => use("vote", review, show), ui.helpful, count);
  show(review.helpful, isVoted);
  return button;
};

export const buildReview = (context, review, isVoted) => {
  const { words, content, use } = context;
  const { ui, day } = words;
  const { title, language, edited_at: edited, product, reply } = review;
  const place = make("div");
  const report = makeButton("quiet", (button) => use("openReport", review, button, place), ui.report);
  const stars = make("span", { role: "img", "aria-label": words.average(review.rating) }, drawStars(review.rating));
  return make(
    "li",
    { class: "review", tabindex: "-1" },
    make("p", { class: "by" }, stars, day(review.written_at), edited ? ` (${ui.edited})` : ""),
    title ? make("h3", { lang: language, dir: "auto" }, title) : "",
    ...buildBody(ui, review),
    buildMedia(context, review),
    describe(words, content.attributes, review.attributes),
    buildTags(words, review),
    product?.title ? buildProduct(words, product) : "",
    reply ? buildReply(words, reply) : "",
    make("div", { class: "acts" }, buildVote(context, review, isVoted), report),
    place,
  );
};
