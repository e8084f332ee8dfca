// What a campaign says and asks, and what it gives.
import { post } from "../core/ask.js";
import { buildSlip } from "../core/codes.js";
import { giveFocus, make, makeButton, makeId } from "../core/dom.js";
import { buildOptional, buildThanks, whenSubmitted } from "../core/form.js";
import { sayLeft } from "./countdown-state.js";

const FILLED_IN = { __proto__: null, email: "email", name: "name", birthday: "bday", gender: "sex" };

const buildLink = (url, words, more) => (/^https?:/.test(url) ? make("a", { href: url, ...more }, words) : "");

const buildGift = ({ content, say }, { code, expires_at: end }) => {
  const left = make("p", { role: "timer" });
  const tick = () => {
    left.textContent = sayLeft(Date.parse(end), Date.now(), content);
    setTimeout(() => left.isConnected && tick(), 1000);
  };
  if (end) tick();
  const gift = buildSlip({ ui: content.ui, say }, code);
  gift.append(left);
  return gift;
};

// A field with its label and what is wrong with it.
const buildField = ({ ui }, { key, label, type, choices, required }) => {
  const attributes = { id: key, name: key, type, autocomplete: FILLED_IN[key], required: required ? "" : null, "aria-describedby": `${key}-wrong` };
  const isList = key == "interests";
  const options = [isList ? [] : {}, choices || []].flat().map(({ id = "", label = "" }) => make("option", { value: id }, label));
  const input = choices ? make("select", { ...attributes, multiple: isList ? "" : null }, ...options) : make("input", attributes);
  const words = make("span", {}, ...label, required ? "" : buildOptional(ui.optional));
  const note = make("p", { class: "wrong", id: `${key}-wrong` });
  const inOrder = type == "checkbox" ? [input, words] : [words, input];
  return { key, input, note, box: make("div", {}, make("label", { class: type }, ...inOrder), note) };
};

// Again means under the same id, so that it is one lead whatever happened to the connection.
const buildForm = (popup, onGiven) => {
  const { page, content, say } = popup;
  const { id: campaign, ui, button, language, form: { fields, consent, privacy_url: url } } = content;
  const id = makeId();
  const began = performance.now();
  const parts = [
    { key: "email", label: [ui.email], type: "email", required: true },
    ...fields.map((field) => ({ ...field, label: [field.label], type: field.key == "birthday" ? "date" : null })),
    { key: "consent", label: [consent.text, " ", buildLink(url, ui.privacy, { target: "_blank" })], type: "checkbox", required: true },
  ].map((field) => buildField(content, field));
  const wrong = make("p", { class: "wrong" });
  const form = make("form", { class: "inside", novalidate: "" }, ...parts.map(({ box }) => box), wrong, make("button", { class: "send" }, button));
  const explain = (words) => {
    wrong.textContent = words;
    say(words);
  };
  // Says of every field whether it is wrong, and goes to the first that is.
  const refuse = (isWrong) => {
    const refused = parts.filter(isWrong);
    for (const part of parts) {
      const { key, input, note } = part;
      const is = refused.includes(part);
      input.setAttribute("aria-invalid", is);
      note.textContent = is ? ui[`${key}_wrong`] || ui[`${key}_missing`] || ui.field_missing : "";
    }
    say(refused.map(({ note }) => note.textContent).join(" "));
    refused[0]?.input.focus();
    return refused[0];
  };
  const deliver = async () => {
    const data = new FormData(form);
    const { email, name, consent: _, ...told } = Object.fromEntries([...data].filter(([, value]) => value));
    if (told.interests) told.interests = data.getAll("interests");
    await page.meet();
    const body = {
      id, campaign, email, name, language, fields: told, consent: { accepted: true, version: consent.version },
      page_url: page.url().split("?")[0], elapsed_ms: Math.round(performance.now() - began),
    };
    const reply = await post(page, { path: "/leads", body });
    const answer = await reply.json();
    if (reply.ok) onGiven(answer);
    else if (!refuse(({ key }) => answer.errors?.some(({ pointer }) => pointer.split("/").includes(key))))
      explain((reply.status == 409 && ui.gone) || ui.not_sent);
  };
  whenSubmitted(form, () => {
    wrong.textContent = "";
    return refuse(({ input }) => !input.validity.valid) || deliver().catch(() => explain(ui.not_sent));
  });
  return form;
};

// What there is to do where no address is asked for.
const buildAct = ({ content: { button, button_url: url, survey }, settled, shut }) => {
  const link = buildLink(url, button, { class: "send" });
  if (!link && !button) return "";
  const act = link || make("button", { class: "send", type: "button" }, button);
  // Who did what was asked has not put it away.
  act.addEventListener("click", () => {
    settled({});
    if (!link) shut();
    if (survey) window.regulars.open(survey);
  });
  return act;
};

export const buildPopup = (popup) => {
  const { page, content, section, say, settled, isSmall, shut } = popup;
  const { title, text, picture, form, button, teaser, code, decline, ui, thanks_title: thanks } = content;
  // What the shopper gets takes the place of the form.
  const give = (given) => {
    settled(given);
    const title = make("b", {}, given.state == "unconfirmed" ? ui.check_title : thanks);
    const words = buildThanks(title, make("br"), given.text);
    inside.replaceChildren(words, given.code ? buildGift(popup, given) : "");
    giveFocus(words);
    say(given.text);
  };
  const asking = form ? buildForm(popup, give) : make("div", { class: "inside" }, code ? buildGift(popup, content) : "", buildAct(popup));
  const image = picture ? make("img", { ...picture, src: new URL(picture.src, page.boot.api) }) : "";
  const inside = make("div", { class: "inside" }, image, make("h2", { id: "title" }, title), make("p", { class: "text" }, text || ""), asking);
  if (section.showModal) inside.append(makeButton("quiet", shut, decline));
  if (isSmall) section.classList.add("small");
  if (isSmall && form) {
    inside.append(
      makeButton("send", (more) => {
        more.remove();
        section.classList.remove("small");
        asking.querySelector("input").focus();
      }, teaser || button),
    );
  }
  return inside;
};
