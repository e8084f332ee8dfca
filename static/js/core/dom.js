// The only module that reads the page's document. It goes through the prototype, because a
// page's <form name="querySelector"> or <img name="currentScript"> shadows document's own names.
const read = (name) =>
  Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
const call = (name, ...values) => Document.prototype[name].apply(document, values);

// An object the page's additions to Object.prototype cannot reach into.
export const options = (values) => ({ __proto__: null, ...values });

export const getRoot = () => read("documentElement");
export const isVisible = () => read("visibilityState") == "visible";
export const findAll = (selector) => [...call("querySelectorAll", selector)];

export const getFocused = () => {
  let active = read("activeElement");
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
};

export const hasFocus = (node) => node.contains(node.getRootNode().activeElement);
export const giveFocus = (node) => node.focus(options({ preventScroll: true }));

const fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes))
    if (value != null) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

export const make = (tag, attributes = {}, ...children) =>
  fill(call("createElement", tag), attributes, children);

// A button that does one thing; `onClick` is given the button.
export const makeButton = (name, onClick, ...inside) => {
  const button = make("button", { class: name, type: "button" }, ...inside);
  button.addEventListener("click", () => onClick(button));
  return button;
};

export const svg = (tag, attributes, ...children) =>
  fill(call("createElementNS", "http://www.w3.org/2000/svg", tag), attributes, children);

// A line drawing in a 24 by 24 box, in the colour of the text around it.
export const draw = (...paths) =>
  svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths.map((d) => svg("path", { d })));

// Style sheets are objects, so a strict content security policy has nothing to forbid.
export const makeStyle = (rules) => {
  const style = new CSSStyleSheet();
  style.replaceSync(rules);
  return style;
};

// Nothing is shown where shadow style sheets are missing.
export const openShadow = (host, ...styles) => {
  if (!("adoptedStyleSheets" in ShadowRoot.prototype)) throw new Error("no shadow style sheets");
  const shadow = host.attachShadow(options({ mode: "open" }));
  shadow.adoptedStyleSheets = styles;
  return shadow;
};

// Version 7: sorted by time. Pages on plain http have no crypto.randomUUID.
export const makeId = (now = Date.now()) => {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => (byte % 16).toString(16)).join("");
  const digits = `${now.toString(16).padStart(12, "0")}7${random.slice(0, 3)}8${random.slice(3)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
