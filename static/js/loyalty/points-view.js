// What a customer has, can have and can do, as elements. Every word comes from the server.
import { draw, make, makeButton } from "../core/dom.js";
import { CHECK } from "../core/parts.js";
import { buildCodes } from "./points-codes.js";

const buildSection = (title, ...inside) =>
  make("section", { "aria-label": title }, make("h3", {}, title), ...inside);

const buildBar = (ratio, label) => {
  const value = Math.round(ratio * 100);
  const bar = make("div", { class: "fill", role: "progressbar", "aria-valuenow": value, "aria-label": label });
  bar.style.setProperty("--share", ratio);
  return bar;
};

const muted = (...lines) => lines.filter(Boolean).map((line) => make("p", { class: "muted" }, line));

const buildTier = ({ name, next, text, top, benefits }) =>
  make(
    "div",
    { class: "tier" },
    name ? make("p", { class: "name" }, make("b", {}, name), benefits.join(" · ")) : "",
    next ? buildBar(next.ratio, next.text) : "",
    next ? make("p", { class: "next" }, next.text) : "",
    ...muted(next && next.benefits.join(" · "), text, top),
  );

// How a stranger signs in is the store's own; who is known joins with a click.
const buildInvitation = ({ ui, host, use }, { title, text, link }) => {
  const address = host.getAttribute("login");
  if (link) return address ? make("div", { class: "invitation" }, make("a", { class: "send", href: address }, link)) : "";
  const join = makeButton("send", (button) => use("join", button), ui.join);
  return make("div", { class: "invitation" }, make("p", {}, make("b", {}, title)), ...muted(text), join);
};

const buildReward = ({ ui, use }, reward) => {
  const { name, terms, price_text: price, is_available: isAvailable, note, ratio } = reward;
  const redeem = makeButton("send", (button) => use("confirm", reward, item, button), ui.redeem);
  redeem.setAttribute("aria-label", `${ui.redeem}: ${name}`);
  const item = make(
    "li",
    {},
    make("div", {}, make("b", { dir: "auto" }, name), ...muted(terms)),
    make("div", { class: "price" }, make("span", {}, price), isAvailable ? redeem : muted(note)[0] || ""),
    ratio == null ? "" : buildBar(ratio, `${name}: ${note}`),
  );
  return item;
};

const buildWay = ({ use, overview: { account } }, { key, text, hint, url, points_text: points, is_done: isDone }) => {
  const name = /^https?:/.test(url) ? make("a", { href: url, target: "_blank", rel: "noopener", "data-way": key }, text) : text;
  // Nobody can check whether somebody followed: their word counts, once.
  if (account?.joined && !isDone && name != text && key.startsWith("social."))
    name.addEventListener("click", () => use("follow", key));
  return make(
    "li",
    { class: isDone ? "done" : "" },
    make("div", {}, make("span", {}, name), ...muted(hint)),
    isDone ? draw(CHECK) : points ? make("b", { dir: "ltr" }, points) : "",
  );
};

export const buildCard = (context, overview) => {
  const { ui, use } = context;
  const { account, notes, tier, rewards, earn, invitation, codes } = overview;
  const list = (name, build, items) => make("ul", { class: name }, ...items.map(build));
  const history = make("div");
  const more = makeButton("quiet edge", (button) => use("toggleHistory", button, history), ui.history);
  more.setAttribute("aria-expanded", "false");
  const balance = account && make("p", { class: "balance" }, make("b", { dir: "ltr" }, account.text), " ", account.unit);
  return make(
    "section",
    { class: "card points", "aria-label": ui.title, tabindex: "-1" },
    make(
      "div",
      { class: "head" },
      make("div", {}, make("h2", {}, account ? ui.title : invitation.title), balance || "", ...muted(!account && invitation.text, ...notes)),
      invitation ? buildInvitation(context, invitation) : tier ? buildTier(tier) : "",
    ),
    codes[0] ? buildSection(ui.codes, buildCodes(context, codes)) : "",
    rewards[0] ? buildSection(ui.rewards, list("rewards", (reward) => buildReward(context, reward), rewards)) : "",
    earn[0] ? buildSection(ui.earn, list("ways", (way) => buildWay(context, way), earn)) : "",
    account ? make("div", { class: "history" }, more, history) : "",
  );
};
