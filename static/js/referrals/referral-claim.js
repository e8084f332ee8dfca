// A friend's offer, and what claiming it gives. Every word comes from the server.
import { post } from "../core/ask.js";
import { giveFocus, make, makeId } from "../core/dom.js";
import { whenSubmitted } from "../core/form.js";
import { buildLines, buildSlip } from "./referral-card.js";

const buildGiven = (context, { text, code, until }) => [
  ...buildLines(text, until ? [until] : []),
  code ? buildSlip(context, code) : "",
];

export const buildClaim = (context, mark, card) => {
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
  const form = make(
    "form",
    { novalidate: "" },
    make("label", { for: "email" }, ui.address),
    input,
    wrong,
    make("p", { class: "muted", id: "why" }, ui.why),
    make("button", { class: "send" }, ui.claim),
  );
  whenSubmitted(form, () =>
    input.value.trim() && input.validity.valid ? claim().catch(() => refuse(ui.not_sent)) : refuse(ui[422]),
  );
  return [...buildLines(title, [text]), form];
};
