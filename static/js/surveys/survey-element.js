// A survey in a sheet (open) or where <regulars-survey survey="..."> stands (connect).
import { getRoot, isVisible, options } from "../core/dom.js";
import { openFrame } from "../core/frame.js";
import { makeId, send } from "../core/send.js";
import { hasSheet, openSheet, whenQuiet } from "../core/sheet.js";
import { findAnswered, markAnswered, markAsked } from "../core/storage.js";
import * as survey from "./survey-state.js";
import { surveyStyle } from "./survey-style.js";
import { buildCard, buildForm, buildNote, buildThanks } from "./survey-view.js";

const findKnown = (page, { id }) =>
  findAnswered(page, id, page.boot.surveys.find((item) => item.id == id)?.repeat_days);

// Asks one survey inside `place` and sends what the shopper does with it. `known` is an
// answer begun earlier: it goes on under its own id.
const run = (page, content, known, { host, place, say, onThanks }) => {
  const view = buildForm(content);
  const controller = new AbortController();
  const now = () => performance.now();
  let state = survey.begin(content, known?.ask || makeId(), now(), known?.score);

  const report = (event) => {
    const shown = survey.impression(state, event, { bucket: page.bucket(), url: page.url() });
    send(page, "/impressions", { impressions: [shown] }, page.meet());
  };
  const deliver = () => {
    const { ask, score } = state;
    const completed = state.step == "thanked";
    markAnswered(page, content.id, { ask, score, completed, at: Date.now() });
    const context = { now: now(), fields: page.fields, url: page.url(), trap: view.trap.value };
    const sent = send(page, `/surveys/${content.id}/responses`, survey.answer(state, context));
    const detail = { survey: content.id, score, completed };
    const init = options({ bubbles: true, composed: true, detail });
    (host.isConnected ? host : getRoot()).dispatchEvent(new CustomEvent("regulars:answered", init));
    return sent;
  };
  const savePartial = () => {
    if (!survey.isUnsaved(state)) return;
    state = survey.save(state);
    deliver();
  };
  const showMore = () => {
    const question = survey.followUp(state);
    view.note.hidden = true;
    view.chosen.textContent = survey.chosenLabel(state);
    view.question.textContent = question;
    view.followUp.hidden = !question;
    view.more.hidden = false;
  };
  const finish = async () => {
    const sent = deliver();
    const done = buildThanks(survey.thanks(state));
    const isInside = view.form.contains(place.getRootNode().activeElement);
    view.form.replaceWith(done);
    if (isInside) done.focus(options({ preventScroll: true }));
    onThanks?.();
    const outcome = await sent;
    const words = content.ui[outcome];
    if (outcome == "not_sent_yet") done.after(buildNote(words));
    if (words) say(words);
  };
  const explain = (words) => {
    view.note.textContent = words;
    view.note.hidden = false;
    say(words);
    view.radios[0].focus();
  };

  view.scale.addEventListener("change", ({ target }) => {
    state = survey.pick(state, Number(target.value));
    showMore();
  });
  view.comment.addEventListener("input", () => {
    state = survey.comment(state, view.comment.value);
  });
  view.form.addEventListener("submit", (event) => {
    event.preventDefault();
    state = survey.submit(state);
    if (state.problem) explain(content.ui[state.problem]);
    else finish();
  });
  const hide = (event) => (event.type == "pagehide" || !isVisible()) && savePartial();
  for (const name of ["pagehide", "visibilitychange"])
    addEventListener(name, hide, options({ signal: controller.signal }));

  if (known) {
    for (const radio of view.radios) radio.checked = radio.value == known.score;
    showMore();
  }
  place.append(view.form);
  return {
    report,
    savePartial,
    leave() {
      controller.abort();
      savePartial();
      if (survey.isUntouched(state)) report("dismissed");
    },
  };
};

// With `isStillDue` the sheet opens by itself and waits until it is not in the way; without,
// the page asked for it.
export const open = async (page, content, isStillDue) => {
  if (isStillDue) await whenQuiet();
  if (isStillDue ? !isStillDue() : hasSheet()) return;
  const known = isStillDue ? null : findKnown(page, content);
  await new Promise((resolve) => {
    const sheet = openSheet(page, content, surveyStyle, () => {
      asked.leave();
      resolve();
    });
    const { host, section, say, release } = sheet;
    const asked = run(page, content, known?.completed ? null : known, {
      host,
      place: section,
      say,
      onThanks: release,
    });
    markAsked(page, content.id);
    asked.report("shown");
    if (!isStillDue) sheet.takeFocus();
    say(`${content.title}: ${content.question}`);
  });
};

export const connect = (page, host, content) => {
  if (host.shadowRoot || !host.isConnected) return;
  const { box, say } = openFrame(host, content, surveyStyle);
  const place = buildCard(content);
  box.append(place);
  const known = findKnown(page, content);
  if (known?.completed) {
    place.append(buildThanks(survey.thanks(survey.begin(content, known.ask, 0, known.score))));
    return;
  }
  const asked = run(page, content, known, { host, place, say });
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
