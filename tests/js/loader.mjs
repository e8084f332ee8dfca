// Runs the loader against a page made of plain objects, so that clock, scrolling and address are the test's.
import { readFileSync } from "node:fs";

const FILE = new URL("../../static/js/embed.js", import.meta.url);
const MODULES = new URL("../../static/js/", import.meta.url);
const source = readFileSync(FILE, "utf8").replace("__BOOT__", "boot").replaceAll("import(", "importModule(");

export const SURVEY = {
  id: "0190f3a0-0000-7000-8000-000000000001",
};
export const KEY = "regulars:st_1";

export const makeStorage = (stored = {}) => ({
  stored,
  getItem: (key) => stored[key] ?? null,
  setItem: (key, value) => (stored[key] = value),
  removeItem: (key) => delete stored[key],
});

const makeTag = (attributes) => ({
  attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
});

// Starts the loader; the page it returns can move time, scroll and go elsewhere.
export const startLoader = ({
  surveys = [SURVEY], boot = {}, tag = {}, storage = makeStorage(), href = "https://maple.example/", regulars, refused,
  session = {}, modules = {}, referrer = "",
} = {}) => {
  const listeners = {};
  const page = { opened: [], loaded: [], asked: [], clock: 0, scrollY: 0, timers: [], storage };
  class Document {
    get currentScript() {
      return tag && makeTag(tag);
    }
    get referrer() {
      return referrer;
    }
    get documentElement() {
      return { scrollHeight: 3000, clientWidth: 1280 };
    }
    querySelector() {
      return null;
    }
  }
  const listen = (name, action) => (listeners[name] ??= []).push(action);
  const element = {
    open: (context, content, isStillDue) => {
      page.opened.push(content.id);
      page.context = context;
      page.isStillDue = isStillDue;
      context.meet();
      return new Promise((resolve) => (page.close = resolve));
    },
    flush: () => page.loaded.push("flushed"),
  };
  const answerSession = ({ body }) => {
    const isKnown = JSON.parse(body).customer_token;
    return { visitor_token: "v1", ...(isKnown && { session_token: "s1", ...session }) };
  };
  const window = { regulars, navigation: { addEventListener: listen } };
  const location = { href, search: new URL(href).search, pathname: new URL(href).pathname };
  const environment = {
    boot: {
      site: "st_1",
      api: "https://feedback.example/embed/v1/st_1",
      assets: "https://feedback.example/embed/v1/static/v/",
      consent: false,
      cap_days: 0,
      elements: { survey: ["/surveys/*?lang=", "survey", "surveys/survey-element"] },
      surveys,
      ...boot,
    },
    Document,
    document: new Document(),
    HTMLElement: class {},
    window,
    location,
    innerHeight: 1000,
    navigator: { languages: ["it-IT", "it"] },
    performance: { now: () => page.clock },
    setTimeout: (action, wait) => page.timers.push([page.clock + wait, action]),
    addEventListener: listen,
    customElements: { get: () => null, define: (name) => (page.defined = name) },
    importModule: async (address) => {
      page.loaded.push(address);
      const file = address.split("/static/v/")[1];
      return modules[file] || (file == "core/session.js" ? import(new URL(file, MODULES)) : element);
    },
    fetch: async (address, init) => {
      page.asked.push({ address, ...init });
      const id = address.match(/surveys\/([^?]+)/)?.[1];
      return { ok: !refused || !init.body?.includes(refused), json: async () => (id ? { id } : answerSession(init)) };
    },
  };
  const scope = new Proxy(environment, {
    has: (target, name) => name in target || name == "scrollY" || name == "localStorage",
    get: (target, name) => {
      if (name == "scrollY") return page.scrollY;
      if (name == "localStorage") return typeof storage == "function" ? storage() : storage;
      return target[name];
    },
  });
  page.fire = (name) => (listeners[name] || []).forEach((action) => action());
  page.settle = async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    return page.opened;
  };
  page.wait = (ms) => {
    page.clock += ms;
    const due = page.timers.filter(([at]) => at <= page.clock);
    page.timers = page.timers.filter(([at]) => at > page.clock);
    due.forEach(([, action]) => action());
    return page.settle();
  };
  page.scroll = (y) => {
    page.scrollY = y;
    page.fire("scroll");
    return page.settle();
  };
  page.go = (to) => {
    Object.assign(location, { href: to, search: new URL(to).search, pathname: new URL(to).pathname });
    page.fire("currententrychange");
    return page.wait(100);
  };
  page.window = window;
  page.state = () => JSON.parse(storage.stored[KEY] ?? "null");
  new Function("scope", `with (scope) { ${source} }`)(scope);
  return page;
};
