// An advocate's link and what came of it, or how to take part. Every word comes from the server; what has a
// field to fill is built by `form`.
import { post } from "../core/ask.js";
import { buildSlip, codeStyle } from "../core/codes.js";
import { make, makeButton, makeStyle, svg } from "../core/dom.js";
import { openFrame } from "../core/frame.js";

// What it needs beyond the style sheet of every widget.
const referralStyle = makeStyle(`
.frame { container-type: inline-size }
.card { display: grid; gap: 1.5em; max-width: 44em }
.card:not(:has(.link)) { gap: .5em }
.card + .card { margin-block-start: 1em }
h2 { font-size: 1.25em; line-height: 1.3 }
h3 { font-weight: 700; line-height: 1.3 }
.link, form { display: grid; gap: .75em }
.ways { display: flex; flex-wrap: wrap; gap: .5em }
a.edge { display: grid; place-items: center; border-radius: var(--round); color: inherit; text-decoration: none }
.card > .send, form > .send { justify-self: start; margin: 0 }
.qr { width: 9em; height: 9em; background: #fff; fill: #000; stroke: none; shape-rendering: crispEdges }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7em, 1fr)); gap: 1em }
.figures b { font-size: 1.5em }
.figures span { display: block }
.rows li { display: flex; flex-wrap: wrap; gap: 0 1em; padding-block: .75em; border-block-end: 1px solid var(--tint) }
span + span { margin-inline-start: auto }
.note { margin: 0 }
`);

export const buildLines = (title, lines) => [make("h2", {}, title), ...lines.map((line) => make("p", { class: "muted" }, line))];

const buildPart = ({ kind, title, rows }) =>
  make(
    "div",
    {},
    make("h3", {}, title),
    make(
      "ul",
      { class: kind },
      ...rows.map((row) => make("li", {}, ...row.map((text, place) => make(place ? "span" : "b", { class: place && "muted", dir: "auto" }, text)))),
    ),
  );

const tell = (page, channel) => post(page, { path: "/referral/shares", body: { channel } }).catch(() => {});

// What the browser itself can share by comes first, where it can.
const buildWays = ({ page, ui, told: { share: ways, message } }) => {
  const share = () => navigator.share({ text: message }).then(() => tell(page, "share")).catch(() => {});
  return make(
    "div",
    { class: "ways" },
    navigator.share ? makeButton("send", share, ui.share) : "",
    ...Object.entries(ways).map(([channel, href]) => {
      const target = /^http/.test(href) ? "_blank" : null;
      const link = make("a", { class: "quiet edge", href, target, rel: "noopener" }, ui[channel]);
      link.addEventListener("click", () => tell(page, channel));
      return link;
    }),
  );
};

// Drawn rather than fetched: a strict content security policy has nothing to forbid.
const buildPicture = ({ path: d, size }, text) =>
  svg("svg", { class: "qr", viewBox: `-4 -4 ${size + 8} ${size + 8}`, role: "img", "aria-label": text }, svg("path", { d }));

const buildAdvocate = (context) => {
  const { page, ui, told } = context;
  const { link, offer, terms, picture, parts } = told;
  return [
    make("div", {}, ...buildLines(offer, terms)),
    make("div", { class: "link" }, buildSlip(context, link, () => tell(page, "copy")), buildPicture(picture, ui.qr), buildWays(context)),
    ...parts.map(buildPart),
  ];
};

export const open = (page, host, told, mark, form) => {
  const { box, say } = openFrame(host, told.content, codeStyle, referralStyle);
  const { ui } = told.content;
  const context = { page, say, ui, told };
  const show = (build) => {
    const card = make("section", { class: "card", tabindex: "-1", "aria-label": ui.title });
    box.append(card);
    card.append(...build(context, mark, card));
  };
  const href = host.getAttribute("login");
  const isFriend = mark && mark.code != told.code;
  if (isFriend) show(form.buildClaim);
  if (told.code) show(buildAdvocate);
  else if (!isFriend)
    show(() => [
      ...buildLines(told.offer, [...told.terms, told.text]),
      href ? make("a", { class: "send", href }, ui.login) : "",
    ]);
  if (told.contest) show(form.buildContest);
};
