// Asks a survey of several steps: the score if it has one, then each question that is due.
import { giveFocus, hasFocus, make } from "../core/dom.js";
import { markAsked } from "../core/storage.js";
import {
  countSteps, findOutcome, findProblem, isCommentDue, listDue, nameValues, pipe, settle,
} from "./questions-state.js";
import { questionsStyle } from "./questions-style.js";
import { buildEnd, buildQuestion, fillNumbers, readAnswer } from "./questions-view.js";
import { begin, bucketOf, thanks } from "./survey-state.js";

const prepare = (asked) => {
  const { page, place, savePartial } = asked;
  place.getRootNode().adoptedStyleSheets.push(questionsStyle);
  asked.settle = settle;
  asked.tell = (words) => pipe(words || "", nameValues(asked.state, page.fields));
  asked.savePartial = () => (Object.keys(asked.settle(asked.state)).length ? savePartial() : null);
};

const end = ({ content, state, tell }) => {
  const { title, text, link, url } = content.outcomes?.find(({ id }) => id == state.answers.outcome) || {};
  const button = link ? { label: link, url } : content.links?.[bucketOf(state) || "all"];
  return buildEnd({ title: tell(title), text: tell(title ? text : thanks(state)), url: button?.url, label: tell(button?.label) });
};

export const thank = (asked) => {
  prepare(asked);
  return end(asked);
};

// A sheet that goes away with its page, begun and not finished, may open again on the next page.
const keepOpen = ({ page, content, place }, isBegun) => {
  const { asked_at: before } = page.read();
  addEventListener("pagehide", () => {
    const { asked } = page.read();
    if (place.isConnected && isBegun()) page.write({ asked: { ...asked, [content.id]: undefined }, asked_at: before });
  });
  addEventListener("pageshow", () => place.isConnected && markAsked(page, content.id));
};

export const ask = (asked) => {
  const { content, place, say } = asked;
  const { ui } = content;
  const progress = make("p", { class: "progress" });
  const reached = make("span");
  const bar = make("div", { class: "bar", "aria-hidden": "true" }, reached);
  let view, sending;

  const listSteps = () => {
    const due = listDue(content, asked.state.answers).map(({ key }) => key);
    return content.choices ? ["score", ...due] : due;
  };
  const update = (shown) => {
    view = shown;
    const { answers } = asked.state;
    const steps = listSteps();
    const number = steps.indexOf(asked.step) + 1;
    const total = countSteps(content, answers, asked.step);
    progress.textContent = fillNumbers(ui.step, number, total);
    progress.hidden = bar.hidden = total < 2;
    reached.style.width = `${(100 * number) / total}%`;
    view.send.textContent = number < steps.length ? ui.next : ui.send;
    if (view.followUp && !isCommentDue(content, answers)) view.followUp.hidden = true;
  };
  const save = async () => {
    if (sending) return;
    sending = asked.savePartial();
    await sending;
    sending = null;
  };
  const move = (by) => {
    const { answers } = asked.state;
    const steps = listSteps();
    // Who goes on with a newer version of the survey may have passed a question that is new.
    const isMissing = (question) => findProblem(question, answers);
    const next = steps[steps.indexOf(asked.step) + by] || listDue(content, answers).find(isMissing)?.key;
    if (next) {
      show(next, hasFocus(view.form));
      say(progress.textContent);
      save();
      return;
    }
    asked.put("outcome", findOutcome(content, answers)?.id);
    asked.finish(view.form, end(asked));
  };
  const buildStep = (question) => {
    const { form, group, note } = buildQuestion(question, content, asked.state.answers, asked.tell, asked.trap);
    const back = make("button", { class: "quiet back", type: "button" }, ui.back);
    const send = make("button", { class: "send", type: "submit" });
    back.addEventListener("click", () => move(-1));
    form.append(make("div", { class: "nav" }, listSteps()[0] == question.key ? make("span") : back, send));
    form.addEventListener("input", () => {
      for (const [name, value] of Object.entries(readAnswer(question, form))) asked.put(name, value);
      note.hidden = true;
      update(step);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const problem = findProblem(question, asked.state.answers);
      if (!problem) return move(1);
      const words = fillNumbers(ui[problem], question.max_choices);
      const consent = problem == "consent_first" && group.querySelector(".consent input");
      asked.explain(note, words, consent || group.querySelector("input,select,textarea"));
    });
    const step = { form, group, send };
    place.append(form);
    return step;
  };
  const show = (step, isInside) => {
    asked.step = step;
    view?.form.remove();
    const question = content.questions?.find(({ key }) => key == step);
    update(question ? buildStep(question) : asked.askScore(asked, () => move(1), update));
    view.form.prepend(progress, bar);
    place.scrollTop = 0;
    if (isInside) giveFocus(view.group);
  };

  prepare(asked);
  asked.state = begin(content, asked.state.ask, asked.state.began, settle(asked.state));
  if (place.matches(".sheet")) keepOpen(asked, () => asked.step != listSteps()[0] && !asked.state.completed);
  const steps = listSteps();
  const open = steps.find((key) => asked.state.answers[key] === undefined);
  show(steps.includes(asked.step) ? asked.step : open || steps.at(-1));
};
