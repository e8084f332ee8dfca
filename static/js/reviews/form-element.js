// A review's form where <regulars-review-form product="..."> stands.
//
// `page` is the loader's. `rating` on the element, or the parameter of the page's address that its
// `rating-from` names, chooses the stars beforehand; nothing is sent until the shopper does.
import { giveFocus, make } from "../core/dom.js";
import { announce, buildThanks, formStyle, whenSubmitted } from "../core/form.js";
import { openFrame } from "../core/frame.js";
import { fill } from "../core/words.js";
import { begin, findMine } from "./form-draft.js";
import { openMine } from "./form-mine.js";
import { countLeft, findErrors, LIMITS, nameShown, readErrors } from "./form-state.js";
import { reviewFormStyle } from "./form-style.js";
import { buildParts } from "./form-view.js";

const findRating = (page, host) => {
  const name = host.getAttribute("rating-from");
  const rating = (name && new URL(page.url()).searchParams.get(name)) || host.getAttribute("rating");
  return /^[1-5]$/.test(rating) ? rating : undefined;
};

// Files come by the pickers, by a drop or out of the clipboard; what they need is fetched with the first.
const takeFiles = (form, part, load, tell) => {
  const take = async (files) => {
    const list = [...files];
    if (list[0]) await load().then((opened) => opened.take(list)).catch(tell);
  };
  const turn = (isOver) => (event) => {
    event.preventDefault();
    part.box.classList.toggle("over", isOver);
    if (event.type == "drop") take(event.dataTransfer.files);
  };
  part.tiles.addEventListener("change", async ({ target }) => {
    await take(target.files);
    target.value = "";
  });
  form.addEventListener("paste", ({ clipboardData }) => take(clipboardData.files));
  form.addEventListener("dragover", turn(true));
  form.addEventListener("dragleave", turn(false));
  form.addEventListener("drop", turn(false));
};

const show = (page, host, content, product, mine, { box, say }) => {
  const { language, name_form: nameForm } = content;
  const words = content.ui.form;
  const writing = begin(page, product, content, mine, findRating(page, host));
  const { draft, save } = writing;
  const parts = buildParts(content, !page.session);
  const send = make("button", { class: "send", type: "submit" });
  const note = make("p", { class: "wrong" });
  const trap = make("input", { name: "website", tabindex: "-1", autocomplete: "off" });
  const form = make(
    "form",
    { novalidate: "" },
    ...Object.values(parts).map((part) => part.box),
    make("div", { class: "unseen", "aria-hidden": "true" }, trap),
    note,
    send,
  );
  const intro = make("p", { class: "hint" }, words.published_note);
  const heading = mine ? words.title_edit : words.title;
  const place = make("section", { class: "card review", "aria-label": heading }, make("h2", {}, heading), intro, form);

  const tell = (text) => {
    note.textContent = text;
    if (text) say(text);
  };
  // The thank-you takes the form's place.
  const end = (outcome, review) => {
    const said = words.thanks[outcome];
    const thanks = buildThanks(said);
    writing.forget();
    place.replaceChildren(thanks);
    giveFocus(thanks);
    say(said);
    announce(host, "reviewed", { product, outcome, ...review });
  };
  const explain = (name, error) => fill(words.errors[error], { n: LIMITS[name] }, language);
  const look = () => {
    const { rating, name } = draft.fields;
    const shown = nameShown(name, nameForm);
    parts.rating.look(rating);
    parts.name.note.textContent = shown ? fill(words.name_shown, { name: shown }) : words[`name_${nameForm}`];
    for (const field of ["title", "body"]) {
      const n = countLeft(field, draft.fields[field]);
      const near = n < 0 ? explain(field, field) : fill(words.left, { n }, language);
      parts[field].note.textContent = n == null ? parts[field].hint : near;
    }
    send.textContent = mine ? words.save : words.send;
  };
  const mark = (name, text = "") => {
    const { wrong, first } = parts[name];
    wrong.textContent = text;
    if (text) first.setAttribute("aria-invalid", "true");
    else first.removeAttribute("aria-invalid");
  };
  const refuse = (errors) => {
    const wrong = Object.keys(parts).filter((name) => errors[name]);
    for (const name of wrong) mark(name, explain(name, errors[name]));
    if (!wrong[0]) return tell(words.errors.fields);
    say(wrong.map((name) => parts[name].wrong.textContent).join(" "));
    parts[wrong[0]].first.focus();
  };
  const fail = async (reply) => {
    const problem = await reply.json?.().catch(() => {});
    const why = /[^/]*$/.exec(problem?.type)[0];
    if (reply.status == 422) return refuse(readErrors(problem));
    // It had arrived before the connection was lost.
    if (why == "review-id-taken") return end("unconfirmed");
    const said = { __proto__: null, "already-reviewed": "already", "unsigned-reviews-refused": "customers_only" };
    tell(words.errors[said[why] || (reply.status == 429 ? "too_often" : "not_sent")]);
  };

  let opened;
  const load = async () => {
    const { openFiles } = await import("./form-media.js");
    return (opened ||= openFiles(page, content, { media: draft.media, part: parts.media, say, save }));
  };
  const submit = async () => {
    for (const name in parts) mark(name);
    tell("");
    const errors = findErrors(draft.fields, !page.session);
    if (Object.keys(errors)[0]) return refuse(errors);
    send.textContent = words.sending;
    say(words.sending);
    const again = await opened?.settle();
    if (again) return again.focus();
    const { id, rating, state, hold_reason: reason } = await writing.deliver();
    end(words.thanks[reason] ? reason : draft.of ? "edited" : state, { id, rating, state });
  };
  whenSubmitted(form, () => submit().catch(fail).then(look));
  form.addEventListener("input", ({ target }) => {
    if (target.type == "file") return;
    draft.fields = Object.fromEntries(new FormData(form));
    if (parts[target.name]) mark(target.name);
    look();
    save();
  });
  for (const name in draft.fields) {
    const field = form.elements.namedItem(name);
    if (field) field.value = draft.fields[name] ?? "";
  }
  look();
  box.append(place);
  if (parts.media) takeFiles(form, parts.media, load, () => mark("media", words.errors.not_sent));
  if (draft.media[0]) load();
  if (mine) openMine(page, content, mine, { form, intro, tell, end });
};

export const connect = async (page, host, content) => {
  const product = host.getAttribute("product");
  if (!product) return;
  if (page.customer) await page.meet();
  const mine = await findMine(page, product).catch(() => null);
  if (host.shadowRoot || !host.isConnected) return;
  const frame = openFrame(host, content, formStyle, reviewFormStyle);
  if (page.session || content.asks.unsigned) show(page, host, content, product, mine, frame);
  else frame.box.append(make("p", { class: "card review" }, content.ui.form.errors.customers_only));
};
