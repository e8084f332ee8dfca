// What a customer sees of the review there is already, and how it is taken back.
import { ask } from "../core/ask.js";
import { make, makeButton } from "../core/dom.js";
import { fill } from "../core/words.js";

export const openMine = (page, { language, ui: { form: words } }, mine, { form, intro, tell, end }) => {
  const date = new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(mine.written_at));
  const why = mine.state == "pending" && (mine.hold_reason == "edit" ? words.yours_edit : words.yours_pending);
  const sure = make("div", { class: "sure", role: "group", "aria-label": words.withdraw, hidden: "" });
  const turn = (isSure) => {
    sure.hidden = !isSure;
    open.hidden = isSure;
    (isSure ? keep : open).focus();
  };
  const withdraw = () =>
    ask(page, `/reviews/${mine.id}/withdrawal`, {}).then(() => end("withdrawn"), () => tell(words.errors.not_sent));
  const open = makeButton("quiet", () => turn(true), words.withdraw);
  const keep = makeButton("quiet", () => turn(false), words.cancel);
  sure.append(make("p", {}, words.withdraw_sure), makeButton("send", withdraw, words.withdraw_yes), keep);
  intro.textContent = [fill(words.yours, { date }), why].filter(Boolean).join(" ");
  // What was taken back comes back with a change.
  if (mine.state != "rejected") form.after(open, sure);
};
