// What a friend claims with an address, and what a customer takes part in a contest with. Every word comes from the server.
import { post } from "../core/ask.js";
import { buildSlip } from "../core/codes.js";
import { giveFocus, make, makeId } from "../core/dom.js";
import { whenSubmitted } from "../core/form.js";
import { buildLines } from "./referral-card.js";

const buildGiven = (context, { text, code, until }) => [
  ...buildLines(text, until ? [until] : []),
  code ? buildSlip(context, code) : "",
];

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
  const form = make(
    "form",
    { novalidate: "" },
    make("label", { for: type }, label),
    input,
    wrong,
    make("p", { class: "muted", id: `${type}-why` }, why),
    make("button", { class: "send" }, button),
  );
  whenSubmitted(form, () =>
    input.value.trim() && input.validity.valid ? claim().catch(() => refuse(ui.not_sent)) : refuse(unfit),
  );
  return form;
};

export const buildClaim = (context, mark, card) => {
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
export const buildContest = (context, _, card) => {
  const { page, ui, told: { contest: { id, name, lines, may_enter, taken } } } = context;
  const title = buildLines(name, lines);
  if (!may_enter) return title;
  const send = (entry, link) => post(page, { path: `/contests/${id}/entries`, body: { id: entry, link } });
  const words = { label: ui.picture, why: ui.picture_why, button: ui.take_part, wrong: ui.wrong_picture };
  return [...title, buildForm(context, card, { type: "url", ...words }, send, () => [buildLines(name, [taken]), taken])];
};
