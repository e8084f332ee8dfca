// What a campaign says and asks, and what it gives.
import { copy } from "../core/copy.js";
import { draw, giveFocus, make, makeId } from "../core/dom.js";
import { post } from "../core/send.js";

const DAY_MS = 864e5;

const buildButton = (name, words, onClick) => {
  const button = make("button", { class: name, type: "button" }, words);
  button.addEventListener("click", () => onClick(button));
  return button;
};

// What is left until the server's own end of a code: by the second on its last day, the day before that.
export const sayLeft = (end, now, { ui, language }) => {
  const left = end - now;
  if (left > DAY_MS) return ui.until.replace("{day}", new Date(end).toLocaleDateString(language, { dateStyle: "long" }));
  return left > 0 ? ui.left.replace("{time}", new Date(left).toISOString().slice(11, 19)) : ui.gone;
};

const buildCode = ({ content, say }, { code, expires_at: end }) => {
  const { ui } = content;
  const shown = make("code", { dir: "ltr" }, code);
  const left = make("p", { role: "timer" });
  const tick = () => {
    left.textContent = sayLeft(Date.parse(end), Date.now(), content);
    setTimeout(() => left.isConnected && tick(), 1000);
  };
  if (end) tick();
  return make("div", { class: "code" }, shown, buildButton("quiet", ui.copy, (button) => copy({ ui, say }, shown, button)), left);
};

// What the shopper gets takes the place of the form.
const buildGift = (popup, { state, text, ...given }) => {
  const { ui, thanks_title: thanks } = popup.content;
  const title = make("b", {}, state == "unconfirmed" ? ui.check_title : thanks);
  const words = make("p", { class: "thanks", tabindex: "-1" }, draw("M5 12.5l4.5 4.5L19 7.5"), make("span", {}, title, make("br"), text));
  return make("div", { class: "inside" }, words, given.code ? buildCode(popup, given) : "");
};

const buildField = ({ key, label, type, choices, required }, { optional }) => {
  const name = { name: key, id: key, required: required ? "" : null, "aria-describedby": `${key}-wrong` };
  const options = (choices || []).map(({ id, label }) => make("option", { value: id }, label));
  const input = choices ? make("select", name, make("option", { value: "" }), ...options) : make("input", { ...name, type, autocomplete: key });
  const note = required ? "" : make("span", { class: "optional" }, ` (${optional})`);
  return { key, input, box: make("label", { for: key }, make("span", {}, label, note), input) };
};

const buildConsent = ({ text, privacy }) => {
  const input = make("input", { id: "consent", type: "checkbox", required: "", "aria-describedby": "consent-wrong" });
  return { key: "consent", input, box: make("label", { class: "consent" }, input, make("span", {}, text, privacy)) };
};

// Again means under the same id, so that it is one lead whatever happened to the connection.
const buildForm = (popup, onGiven) => {
  const { page, content, say } = popup;
  const { id: campaign, ui, button, language, form: { fields, consent, privacy_url: url } } = content;
  const id = makeId();
  const began = performance.now();
  const privacy = /^https?:/.test(url) ? make("a", { href: url, target: "_blank", rel: "noopener" }, ` ${ui.privacy}`) : "";
  const email = { key: "email", label: ui.email, type: "email", required: true };
  const parts = [...[email, ...fields].map((field) => buildField(field, ui)), buildConsent({ ...consent, privacy })];
  const rows = parts.map((part) => make("div", {}, part.box, (part.note = make("p", { class: "wrong", id: `${part.key}-wrong` }))));
  const note = make("p", { class: "wrong" });
  const trap = make("input", { name: "website", tabindex: "-1", autocomplete: "off" });
  const unseen = make("div", { class: "unseen", "aria-hidden": "true" }, trap);
  const form = make("form", { class: "inside", novalidate: "" }, ...rows, unseen, note, make("button", { class: "send" }, button));
  const mark = (part, words) => {
    part.note.textContent = words;
    part.input.setAttribute("aria-invalid", Boolean(words));
  };
  const refuse = (wrong) => {
    for (const part of parts) {
      const words = part.key == "email" ? ui.email_wrong : part.key == "consent" ? ui.consent_missing : ui.field_missing;
      mark(part, wrong.includes(part) ? words : "");
    }
    say(wrong.map((part) => part.note.textContent).join(" "));
    wrong[0]?.input.focus();
    return wrong[0];
  };
  const deliver = async () => {
    const told = Object.fromEntries(parts.filter(({ input }) => input.value).map(({ key, input }) => [key, input.value]));
    const { email, name, consent: _, ...rest } = told;
    await page.meet();
    const reply = await post(page, { path: "/leads", body: {
      id, campaign, email, name, language, fields: rest, consent: { accepted: true, version: consent.version },
      page_url: page.url().split("?")[0], website: trap.value, elapsed_ms: Math.round(performance.now() - began),
    } });
    const answer = await reply.json();
    if (reply.ok) return onGiven(answer);
    const pointers = (answer.errors || []).map(({ pointer }) => pointer.split("/"));
    if (!refuse(parts.filter(({ key }) => pointers.some((pointer) => pointer.includes(key))))) throw reply;
  };
  const fail = ({ status }) => {
    note.textContent = status == 409 ? ui.gone || ui.not_sent : ui.not_sent;
    say(note.textContent);
  };
  let isSending;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    note.textContent = "";
    if (isSending || refuse(parts.filter(({ input }) => !input.validity.valid))) return;
    isSending = true;
    await deliver().catch(fail);
    isSending = false;
  });
  return form;
};

const buildAct = ({ content: { button, button_url: url, survey }, settled, shut }) => {
  if (/^https?:/.test(url)) {
    const link = make("a", { class: "send", href: url }, button);
    link.addEventListener("click", () => settled({}));
    return link;
  }
  return button || survey
    ? buildButton("send", button, () => {
        settled({});
        shut();
        if (survey) window.regulars.open(survey);
      })
    : "";
};

export const buildPopup = (popup) => {
  const { page, content, section, say, settled, isSmall, shut } = popup;
  const { title, text, picture, form, button, teaser, code, decline } = content;
  const asking = form
    ? buildForm(popup, (given) => {
        settled(given);
        const gift = buildGift(popup, given);
        inside.replaceChildren(gift);
        giveFocus(gift.firstChild);
        say(gift.firstChild.textContent);
      })
    : make("div", { class: "inside" }, code ? buildCode(popup, content) : "", buildAct(popup));
  const image = picture ? make("img", { ...picture, src: new URL(picture.src, page.boot.api) }) : "";
  const inside = make("div", { class: "inside" }, image, make("h2", { id: "title" }, title), text ? make("p", { class: "text" }, text) : "", asking);
  if (section.localName == "dialog") inside.append(buildButton("quiet", decline, shut));
  if (!isSmall) return inside;
  section.classList.add("small");
  if (form) {
    asking.hidden = true;
    inside.append(
      buildButton("send", teaser || button, (more) => {
        more.remove();
        asking.hidden = false;
        section.classList.remove("small");
        asking.querySelector("input").focus();
      }),
    );
  }
  return inside;
};
