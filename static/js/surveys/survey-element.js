// A survey in a sheet (open) or where <regulars-survey survey="..."> stands (connect).
//
// `page` is the loader's: boot {api, z, surveys}, fields, read() and write(changes) for what the
// browser remembers, text(value) for JSON, url(), bucket() and meet(). With page.fetch in place of
// the network, as the dashboard's preview has it, nothing is sent. What read().answered[id] holds,
// {ask, answers, step}, is taken up again, at that step.
import { getRoot, giveFocus, hasFocus, isVisible, make, makeId, options } from "../core/dom.js";
import { announce, buildThanks, formStyle } from "../core/form.js";
import { openFrame } from "../core/frame.js";
import { send } from "../core/send.js";
import { hasSheet, openSheet, whenQuiet } from "../core/sheet.js";
import { findAnswered, markAnswered, markAsked } from "../core/storage.js";
import {
  answer, begin, chosenLabel, finish, followUp, impression, isUnsaved, isUntouched, put, save, thanks,
} from "./survey-state.js";
import { buildForm } from "./survey-view.js";

const findKnown = (page, { id }) => {
  const { repeat_days: days, more } = page.boot.surveys.find((item) => item.id == id) || {};
  return findAnswered(page, id, more?.until_answered ? null : days);
};

// What goes beyond a score, its comment and a thank-you comes when a survey has it: questions,
// links, and texts that repeat an earlier answer, {score}.
const loadFlow = async ({ questions, links, comment_if: condition, question, follow_up: more, thanks }) => {
  const words = [question, ...Object.values(more || {}), ...Object.values(thanks)];
  if (!questions && !links && !condition && !words.join().includes("{")) return { ask: askScore, thank };
  return import("./questions-run.js");
};

// The course of one survey inside `place`: what was answered, and what is sent of it. `known` is
// an answer begun earlier: it goes on under its own id.
const start = (page, content, known, { host, place, say, onThanks }) => {
  const { logo } = content.theme;
  page.meet();
  const controller = new AbortController();
  const now = () => performance.now();
  // What is kept of a finished answer is what the thank-you needs.
  const deliver = () => {
    const { state, step, trap } = asked;
    const { ask, completed } = state;
    const { score, outcome } = state.answers;
    const answers = asked.settle(state);
    const kept = completed ? { score, outcome } : answers;
    markAnswered(page, content.id, { ask, answers: kept, step, completed, at: Date.now() });
    const context = { answers, now: now(), fields: page.fields, url: page.url(), trap: trap.value };
    const sent = send(page, `/surveys/${content.id}/responses`, answer(state, context));
    announce(host.isConnected ? host : getRoot(), "answered", { survey: content.id, score, completed });
    return sent;
  };
  const asked = {
    page,
    content,
    place,
    say,
    state: begin(content, known?.ask || makeId(), now(), { ...known?.answers }),
    trap: make("input", { name: "website", tabindex: "-1", autocomplete: "off" }),
    step: known?.step,
    // Which of the answers are sent.
    settle: ({ answers }) => answers,
    tell: (words) => words,
    askScore,
    put(name, value) {
      asked.state = put(asked.state, name, value);
    },
    report(event) {
      const shown = impression(asked.state, event, { bucket: page.bucket(), url: page.url() });
      send(page, "/impressions", { impressions: [shown] }, page.meet());
    },
    savePartial() {
      if (!isUnsaved(asked.state)) return;
      asked.state = save(asked.state);
      return deliver();
    },
    explain(note, words, field) {
      note.textContent = words;
      note.hidden = false;
      say(words);
      field.focus();
    },
    async finish(form, done) {
      asked.state = finish(asked.state);
      const sent = deliver();
      const isInside = hasFocus(form);
      form.replaceWith(done);
      if (isInside) giveFocus(done);
      onThanks?.();
      const outcome = await sent;
      const words = content.ui[outcome];
      if (outcome == "not_sent_yet") done.after(make("p", { class: "note" }, words));
      if (words) say(words);
    },
    leave() {
      controller.abort();
      asked.savePartial();
      if (isUntouched(asked.state)) asked.report("dismissed");
    },
  };
  const hide = (event) => (event.type == "pagehide" || !isVisible()) && asked.savePartial();
  for (const name of ["pagehide", "visibilitychange"])
    addEventListener(name, hide, options({ signal: controller.signal }));
  if (logo) {
    const { url, ...size } = logo;
    place.append(make("img", { class: "logo", ...size, src: new URL(url, page.boot.api) }));
  }
  return asked;
};

const thank = ({ state, tell }) => buildThanks(tell(thanks(state)));

// Asks for the score and, once there is one, for the comment.
const askScore = (asked, onSend = (view) => asked.finish(view.form, thank(asked)), onPick) => {
  const { content, tell, trap } = asked;
  const { score, comment } = asked.state.answers;
  const view = buildForm(content, tell(content.question), trap);
  const showMore = () => {
    const question = tell(followUp(asked.state));
    view.note.hidden = true;
    view.chosen.textContent = chosenLabel(asked.state);
    view.asking.textContent = question;
    view.followUp.hidden = !question;
    view.more.hidden = false;
    onPick?.(view);
  };
  view.scale.addEventListener("change", ({ target }) => {
    asked.put("score", Number(target.value));
    showMore();
  });
  view.comment.addEventListener("input", () => asked.put("comment", view.comment.value.trim() || undefined));
  view.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (asked.state.answers.score == null) asked.explain(view.note, content.ui.choose_first, view.radios[0]);
    else onSend(view);
  });
  if (score != null) {
    for (const radio of view.radios) radio.checked = radio.value == score;
    view.comment.value = comment || "";
    showMore();
  }
  asked.place.append(view.form);
  return view;
};

// With `isStillDue` the sheet opens by itself and waits until it is not in the way; without,
// the page asked for it.
export const open = async (page, content, isStillDue) => {
  const flow = await loadFlow(content);
  if (isStillDue) await whenQuiet();
  if (isStillDue ? !isStillDue() : hasSheet()) return;
  const known = findKnown(page, content);
  await new Promise((resolve) => {
    const sheet = openSheet(page, content, () => {
      asked.leave();
      resolve();
    });
    const { host, section, say, release } = sheet;
    const asked = start(page, content, known?.completed ? null : known, {
      host,
      place: section,
      say,
      onThanks: release,
    });
    flow.ask(asked);
    markAsked(page, content.id);
    asked.report("shown");
    if (!isStillDue) sheet.takeFocus();
    say(`${content.title}: ${asked.tell(content.question)}`);
  });
};

export const connect = async (page, host, content) => {
  const flow = await loadFlow(content);
  if (host.shadowRoot || !host.isConnected) return;
  const { box, say } = openFrame(host, content, formStyle);
  const place = make("section", { class: "card", "aria-label": content.title });
  box.append(place);
  const known = findKnown(page, content);
  const asked = start(page, content, known, { host, place, say });
  if (known?.completed) {
    place.append(flow.thank(asked));
    return;
  }
  flow.ask(asked);
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    asked.report("shown");
  });
  watch.observe(host);
  // An element that only moved is back by the time this runs.
  host.addEventListener("regulars:left", () =>
    queueMicrotask(() => host.isConnected || asked.savePartial()),
  );
};
