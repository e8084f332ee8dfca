// An advocate's link and what came of it, a friend's offer, or how to take part. Every word comes from the server.
import { post } from "../core/ask.js";
import { copy } from "../core/copy.js";
import { giveFocus, make, makeButton, makeId, makeStyle, svg } from "../core/dom.js";
import { openFrame } from "../core/frame.js";

// What it needs beyond the style sheet of every widget.
const referralStyle = makeStyle(`
.frame { container-type: inline-size; --round: calc(var(--radius) * .6px) }
.card { display: grid; gap: 1.5em; max-width: 44em }
.card:not(:has(.link)) { gap: .5em }
.card + .card { margin-block-start: 1em }
h2, h3, ul { margin: 0; padding: 0; list-style: none; font-size: 1em; line-height: 1.3 }
h2 { font-size: 1.25em }
.muted, span { font-size: .875em; font-weight: 400; color: var(--muted) }
.link, form { display: grid; gap: .75em }
.code { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75em; padding: .75em; border: 1px dashed var(--accent); border-radius: var(--round) }
code { font: 600 1em ui-monospace, monospace; user-select: all; overflow-wrap: anywhere }
.ways { display: flex; flex-wrap: wrap; gap: .5em }
.quiet, input { display: grid; place-items: center; min-height: 2.75em; padding: 0 1em; border: 1px solid var(--border); border-radius: var(--round); background: none; color: inherit; text-decoration: none }
.send { display: grid; place-items: center; margin: 0; text-decoration: none; justify-self: start }
.qr { width: 9em; height: 9em; background: #fff; fill: #000; stroke: none; shape-rendering: crispEdges }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7em, 1fr)); gap: 1em }
.figures b { font-size: 1.5em }
.figures span { display: block }
.rows li { display: flex; flex-wrap: wrap; gap: 0 1em; padding-block: .75em; border-block-end: 1px solid var(--tint) }
span + span { margin-inline-start: auto }
.note { margin: 0 }
`);

const buildCode = (context, words, onCopy) => {
  const code = make("code", { dir: "ltr" }, words);
  const copyIt = (button) => {
    copy(context, code, button);
    onCopy?.();
  };
  return make("div", { class: "code" }, code, makeButton("quiet", copyIt, context.ui.copy));
};

const buildLines = (title, lines) => [make("h2", {}, title), ...lines.map((line) => make("p", { class: "muted" }, line))];

const buildPart = ({ kind, title, rows }) =>
  make(
    "div",
    {},
    make("h3", {}, title),
    make(
      "ul",
      { class: kind },
      ...rows.map((row) => make("li", {}, ...row.map((text, place) => make(place ? "span" : "b", { dir: "auto" }, text)))),
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
      const link = make("a", { class: "quiet", href, target, rel: "noopener" }, ui[channel]);
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
    make("div", { class: "link" }, buildCode(context, link, () => tell(page, "copy")), buildPicture(picture, ui.qr), buildWays(context)),
    ...parts.map(buildPart),
  ];
};

const buildGiven = (context, { text, code, until }) => [
  ...buildLines(text, until ? [until] : []),
  code ? buildCode(context, code) : "",
];

const buildClaim = (context, mark, card) => {
  const { page, say, ui, told } = context;
  const { invitation: { title, text }, content: { language } } = told;
  if (mark.given) return buildGiven(context, mark.given);
  // Again means under the same id, so that it is one claim whatever happened to the connection.
  const id = makeId();
  const input = make("input", { id: "email", type: "email", autocomplete: "email", "aria-describedby": "why wrong" });
  const wrong = make("p", { class: "note", id: "wrong" });
  const refuse = (words) => {
    input.setAttribute("aria-invalid", true);
    say((wrong.textContent = words));
    input.focus();
  };
  const claim = async () => {
    await page.meet();
    const body = { id, code: mark.code, email: input.value.trim(), channel: mark.via, language };
    const reply = await post(page, { path: "/referrals", body });
    const { friend, type } = await reply.json();
    if (!reply.ok) return refuse(ui[type.split(":").pop()] || ui[reply.status] || ui.not_sent);
    page.write({ ref: { ...mark, given: friend } });
    card.replaceChildren(...buildGiven(context, friend));
    giveFocus(card);
    say(friend.text);
  };
  let isSending;
  const send = async (event) => {
    event.preventDefault();
    if (isSending) return;
    if (!input.value.trim() || !input.validity.valid) return refuse(ui[422]);
    isSending = true;
    await claim().catch(() => refuse(ui.not_sent));
    isSending = false;
  };
  const form = make(
    "form",
    { novalidate: "" },
    make("label", { for: "email" }, ui.address),
    input,
    wrong,
    make("p", { class: "muted", id: "why" }, ui.why),
    make("button", { class: "send" }, ui.claim),
  );
  form.addEventListener("submit", send);
  return [...buildLines(title, [text]), form];
};

export const open = (page, host, told, mark) => {
  const { box, say } = openFrame(host, told.content, referralStyle);
  const { ui } = told.content;
  const context = { page, say, ui, told };
  const show = (build) => {
    const card = make("section", { class: "card", tabindex: "-1", "aria-label": ui.title });
    box.append(card);
    card.append(...build(context, mark, card));
  };
  const href = host.getAttribute("login");
  const isFriend = mark && mark.code != told.code;
  if (isFriend) show(buildClaim);
  if (told.code) show(buildAdvocate);
  else if (!isFriend)
    show(() => [
      ...buildLines(told.offer, [...told.terms, told.text]),
      href ? make("a", { class: "send", href }, ui.login) : "",
    ]);
};
