// The photos of a review seen large, one at a time.
import { draw, make, makeStyle } from "../core/dom.js";
import { buildButton } from "./reviews-view.js";

export const style = makeStyle(`
.photos { position: fixed; inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; margin: 0; padding: 3.5em 1em 1em; border: 0; overflow: hidden; background: rgb(12 12 16 / .97); color: #fff }
.photos[open] { display: grid; grid-template-rows: minmax(0, 1fr) auto; justify-items: center; gap: .75em }
.photos::backdrop { background: none }
.photos img { max-width: 100%; max-height: 100%; width: auto; height: auto; align-self: center; object-fit: contain; border-radius: calc(var(--radius) * .6px) }
.told { font-size: .875em; text-align: center }
.shut, .step { position: absolute; display: grid; place-items: center; width: 3em; height: 3em; padding: 0; border: 0; border-radius: 50%; background: rgb(0 0 0 / .55); color: #fff; cursor: pointer }
.shut { inset-block-start: .5em; inset-inline-end: .5em }
.step { inset-block-start: calc(50% - 1.5em) }
.back { inset-inline-start: .5em }
.on { inset-inline-end: .5em }
[dir=rtl] .step svg { transform: scaleX(-1) }
.shut:hover, .step:hover { background: rgb(70 70 80 / .8) }
.photos :focus-visible { outline-color: #fff }
`);

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
  const add = (name, label, icon, action) => {
    const button = buildButton(name, action, draw(icon));
    button.setAttribute("aria-label", label);
    return button;
  };
  const steps = photos.length > 1
    ? [add("step back", ui.previous, LEFT, () => step(-1)), add("step on", ui.next, RIGHT, () => step(1))]
    : [];
  const close = add("shut", ui.close, "M6 6l12 12M18 6L6 18", () => dialog.close());
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
