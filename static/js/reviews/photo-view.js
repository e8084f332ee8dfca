// The photos of a review seen large, one at a time.
import { make } from "../core/dom.js";
import { CROSS, makeIcon } from "../core/form.js";

const LEFT = "M15 5l-7 7 7 7";
const RIGHT = "M9 5l7 7-7 7";

export const openPhotos = ({ words }, near, photos, first, author) => {
  const { ui } = words;
  const root = near.getRootNode();
  const image = make("img", {});
  const told = make("p", { class: "told", role: "status" });
  let place = first;
  const show = () => {
    const { large, width, height } = photos[place];
    const text = words.say("photo", { n: place + 1, all: photos.length, author });
    for (const [name, value] of Object.entries({ src: large, width, height, alt: text })) image.setAttribute(name, value);
    told.textContent = text;
  };
  const step = (by) => {
    place = (place + by + photos.length) % photos.length;
    show();
  };
  const steps = photos.length > 1
    ? [makeIcon("step back", ui.previous, LEFT, () => step(-1)), makeIcon("step on", ui.next, RIGHT, () => step(1))]
    : [];
  const close = makeIcon("shut", ui.close, CROSS, () => dialog.close());
  const dialog = make("dialog", { class: "photos", "aria-label": words.say("photo", { n: first + 1, all: photos.length, author }) }, image, told, ...steps, close);
  dialog.addEventListener("keydown", ({ key }) => {
    const isMirrored = getComputedStyle(dialog).direction == "rtl";
    const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (by && photos.length > 1) step(isMirrored ? -by : by);
  });
  dialog.addEventListener("click", ({ target }) => target == dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  root.host.addEventListener("regulars:left", () => dialog.close(), { once: true });
  show();
  near.closest(".frame").append(dialog);
  dialog.showModal();
};
