// An advocate's link and what came of it, a friend's offer, or how to take part. Every word comes from the server.
import { copy } from "../core/copy.js";
import { giveFocus, make, makeId, makeStyle, svg } from "../core/dom.js";
import { openFrame } from "../core/frame.js";
import { post } from "../core/send.js";

// What it needs beyond the style sheet of every widget.
const style = makeStyle(`
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

const buildButton = (name, words, onClick) => {
  const button = make("button", { class: name, type: "button" }, words);
  button.addEventListener("click", () => onClick(button));
  return button;
};

const buildCode = (context, words, onCopy) => {
  const code = make("code", { dir: "ltr" }, words);
  const copyIt = (button) => {
    copy(context, code, button);
    onCopy?.();
  };
  return make("div", { class: "code" }, code, buildButton("quiet", context.ui.copy, copyIt));
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
    navigator.share ? buildButton("send", ui.share, share) : "",
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
  const { page, ui, told } = context;
  const { invitation: { title, text }, content: { language } } = told;
  if (mark.given) return buildGiven(context, mark.given);
  const send = async (id, email) => {
    await page.meet();
    const body = { id, code: mark.code, email, channel: mark.via, language };
    return post(page, { path: "/referrals", body });
  };
  const done = ({ friend }) => {
    page.write({ ref: { ...mark, given: friend } });
    return [buildGiven(context, friend), friend.text];
  };
  const words = { label: ui.address, why: ui.why, button: ui.claim, wrong: ui[422] };
  return [...buildLines(title, [text]), buildForm(context, card, { type: "email", ...words }, send, done)];
};

// A customer takes part with the address of a picture.
const buildContest = (context, _, card) => {
  const { page, ui, told: { contest: { id, name, lines, may_enter, taken } } } = context;
  const title = buildLines(name, lines);
  if (!may_enter) return title;
  const send = (entry, link) => post(page, { path: `/contests/${id}/entries`, body: { id: entry, link } });
  const words = { label: ui.picture, why: ui.picture_why, button: ui.take_part, wrong: ui.wrong_picture };
  return [...title, buildForm(context, card, { type: "url", ...words }, send, () => [buildLines(name, [taken]), taken])];
};

// One field and what becomes of it, in the card's place.
const buildForm = ({ say, ui }, card, { type, label, why, button, wrong: unfit }, deliver, done) => {
  // Again means under the same id, so that it is one claim whatever happened to the connection.
  const id = makeId();
  const input = make("input", { id: type, type, autocomplete: type, "aria-describedby": `${type}-why ${type}-wrong` });
  const wrong = make("p", { class: "note", id: `${type}-wrong` });
  const refuse = (words) => {
    input.setAttribute("aria-invalid", true);
    say((wrong.textContent = words));
    input.focus();
  };
  const claim = async () => {
    const reply = await deliver(id, input.value.trim());
    const answer = await reply.json();
    const reasons = { ...ui, 422: unfit };
    if (!reply.ok) return refuse(reasons[answer.type.split(":").pop()] || reasons[reply.status] || ui.not_sent);
    const [shown, said] = done(answer);
    card.replaceChildren(...shown);
    giveFocus(card);
    say(said);
  };
  let isSending;
  const send = async (event) => {
    event.preventDefault();
    if (isSending) return;
    if (!input.value.trim() || !input.validity.valid) return refuse(unfit);
    isSending = true;
    await claim().catch(() => refuse(ui.not_sent));
    isSending = false;
  };
  const form = make(
    "form",
    { novalidate: "" },
    make("label", { for: type }, label),
    input,
    wrong,
    make("p", { class: "muted", id: `${type}-why` }, why),
    make("button", { class: "send" }, button),
  );
  form.addEventListener("submit", send);
  return form;
};

export const open = (page, host, told, mark) => {
  const { box, say } = openFrame(host, told.content);
  host.shadowRoot.adoptedStyleSheets.push(style);
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
  if (told.contest) show(buildContest);
};
