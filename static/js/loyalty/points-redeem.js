// Redeeming a reward after a clear question, once whatever happens to the connection; and joining.
import { giveFocus, make, makeButton, makeId, options } from "../core/dom.js";

// A redemption whose end is not known keeps its id, so that trying again is the same one.
const keep = (page, reward, id) => page.write({ redeeming: { ...page.read().redeeming, [reward]: id } });

const readReason = async (reply) => {
  if (!reply.status) return "not_sent";
  const { type } = (await reply.json?.().catch(() => {})) || {};
  const why = /[^:]*$/.exec(type)[0];
  return reply.status == 401 ? "ended" : reply.status == 429 ? "too_often" : why;
};

const redeem = async (context, reward) => {
  const { page, ask, overview } = context;
  const kept = page.read().redeeming?.[reward];
  const known = overview.codes.some(({ id }) => id == kept) ? null : kept;
  const id = known || makeId();
  keep(page, reward, id);
  try {
    const done = await ask("/redemptions", { id, reward_id: reward });
    keep(page, reward);
    // It had arrived long ago, and its code was used since: this is another wish.
    return known && done.state != "issued" ? redeem(context, reward) : done;
  } catch (reply) {
    const why = await readReason(reply);
    if (reply.status == 409 || reply.status == 404) keep(page, reward);
    if (why == "redemption-id-taken" && known) return redeem(context, reward);
    throw why;
  }
};

export const confirm = (context, reward, item, button) => {
  const { ui, say, host, overview, refresh } = context;
  const { id, name } = reward;
  const line = button.parentNode;
  const close = () => {
    panel.remove();
    line.hidden = false;
    giveFocus(button);
  };
  const tell = (words) => {
    note.textContent = words;
    if (words) say(words);
  };
  let isSending;
  const send = async () => {
    if (isSending) return;
    isSending = true;
    yes.textContent = ui.sending;
    tell("");
    try {
      const done = await redeem(context, id);
      const detail = { reward: id, ...done };
      host.dispatchEvent(new CustomEvent("regulars:redeemed", options({ bubbles: true, composed: true, detail })));
      const mine = { id: done.id, name, code: done.code, text: "" };
      const words = `${ui.redeemed} ${done.code}`;
      await refresh(words, ".codes li", { ...overview, codes: [mine, ...overview.codes] });
    } catch (why) {
      tell(ui[why] || ui.not_sent);
    }
    isSending = false;
    yes.textContent = reward.yes;
  };
  const note = make("p", { class: "wrong" });
  const yes = makeButton("send", send, reward.yes);
  const panel = make(
    "div",
    { class: "sure", role: "group", tabindex: "-1", "aria-label": reward.confirm },
    make("p", {}, reward.confirm),
    make("div", { class: "price" }, yes, makeButton("quiet edge", close, ui.cancel)),
    note,
  );
  panel.addEventListener("keydown", ({ key }) => key == "Escape" && close());
  line.hidden = true;
  item.append(panel);
  giveFocus(panel);
  panel.scrollIntoView({ block: "nearest" });
};

export const follow = async ({ ask, refresh, overview }, key) => {
  await ask("/points/actions", { action: key });
  await refresh("", `[data-way="${key}"]`, overview);
};

export const join = async ({ ui, ask, say, refresh, overview }) => {
  say(ui.sending);
  await ask("/points/membership", {});
  await refresh(ui.joined, ".points", overview);
};
