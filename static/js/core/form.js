// Parts that several forms are made of.
export { formStyle } from "./form-style.js";
import { draw, make, makeButton, options } from "./dom.js";
import { CHECK } from "./parts.js";

export const CROSS = "M6 6l12 12M18 6L6 18";
export const STAR = "M12 3.2l2.7 5.5 6.1.9-4.4 4.3 1 6.1-5.4-2.9-5.4 2.9 1-6.1-4.4-4.3 6.1-.9z";

// A native radio or box under its mark; the attributes are the input's.
export const buildChoice = (attributes, shown) =>
  make("label", { class: "choice" }, make("input", attributes), make("span", { class: "mark" }, shown));

export const buildThanks = (...words) =>
  make("p", { class: "thanks", tabindex: "-1" }, draw(CHECK), make("span", {}, ...words));

export const buildOptional = (words) => make("span", { class: "optional" }, ` (${words})`);

// A button that shows a drawing and is called by its label.
export const makeIcon = (name, label, path, onClick) => {
  const button = makeButton(name, onClick, draw(path));
  button.setAttribute("aria-label", label);
  return button;
};

// Sends a form once at a time, however often it is asked to.
export const whenSubmitted = (form, send) => {
  let isSending;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    await send();
    isSending = false;
  });
};

// Tells the page around what a shopper has done.
export const announce = (node, name, detail) =>
  node.dispatchEvent(new CustomEvent(`regulars:${name}`, options({ bubbles: true, composed: true, detail })));
