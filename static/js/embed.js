// The loader: the one file every page pays for. It decides whether something is due and
// imports the rest only then. The server puts the boot document of the site in its last line.
((boot) => {
  const key = `regulars:${boot.site}`;
  const happened = [];
  const fields = { __proto__: null };
  let memory = {};
  let isGranted = !boot.consent;
  let meeting, address;

  // Forms and images of the page can shadow document's own names; its prototype they cannot.
  const look = (name) => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
  const ignore = () => {};
  const url = () => location.href.split("#")[0].replace(/[?&]regulars-debug$/, "");

  // Old libraries put toJSON on prototypes; an own undefined one switches it off.
  const plain = (value) => {
    if (value && typeof value == "object") {
      value.toJSON = undefined;
      Object.values(value).forEach(plain);
    }
    return value;
  };
  const text = (value) => JSON.stringify(plain(value));

  const use = (action, isAllowed = isGranted) => {
    try {
      if (isAllowed) return action(localStorage);
    } catch {}
  };
  const parse = (storage) => JSON.parse(storage.getItem(key));
  const read = () => (memory = { __proto__: null, ...(use(parse) || memory) });
  const write = (changes) => {
    Object.assign(read(), changes);
    use((storage) => storage.setItem(key, text(memory)));
  };
  const remember = (name, draw) => {
    if (read()[name] == null) write({ [name]: draw() });
    return memory[name];
  };
  const bucket = () => remember("bucket", () => Math.floor(Math.random() * 10000));

  const ask = async (path, init) => {
    const reply = await fetch(boot.api + path, { __proto__: null, credentials: "omit", ...init });
    if (!reply.ok) throw reply;
    return reply.json();
  };
  const bring = (file, start) => import(boot.assets + file).then(start).catch(ignore);
  const meet = () => (meeting ||= bring("core/session.js", (session) => session.meet(page)));
  const need = (tag, value = "") => {
    const [path, , ...files] = boot.elements[tag];
    const languages = navigator.languages.slice(0, 9);
    return Promise.all([
      path && ask(path.replace("*", () => encodeURIComponent(value)) + encodeURIComponent(languages)),
      ...files.map((file) => import(boot.assets + file)),
    ]);
  };

  const isSampled = (survey) => {
    let seed = 2166136261;
    for (const letter of survey.id) seed = Math.imul(seed ^ letter.charCodeAt(), 16777619);
    return !((bucket() * ((seed >>> 16) * 10 + 3) + (seed >>> 0)) % 10000 >= survey.sample);
  };
  const isWithin = (at, days) => Date.now() - at < days * 864e5;

  // Boot leaves out what is usual: nothing is less than undefined. core/gates.js adds the rarer gates.
  const gates = {
    __proto__: null,
    consent: () => isGranted,
    display: ({ display }) => !display,
    event: ({ event }) => !event || happened.some(([name]) => name == event),
    seconds: ({ seconds }) => !(performance.now() - page.arrived < seconds * 1000),
    scroll: ({ scroll }) => !(page.deepest < scroll),
    quiet: () => !boot.quiet?.some((start) => location.pathname.startsWith(start)),
    urls: ({ urls }) => new RegExp(urls).test(url()),
    repeat: ({ id, repeat_days }) => !isWithin(read().asked?.[id], repeat_days ?? Infinity),
    cap: () => !isWithin(read().asked_at, boot.cap_days),
    sample: isSampled,
    more: ({ more }) => !more,
  };
  const isDue = (survey) => Object.values(gates).every((gate) => gate(survey));

  // What could not be loaded leaves it at that: no other sheet opens by itself in this page.
  const present = (id, isStillDue) => {
    page.showing = id;
    // What a customer was asked elsewhere is known when the session has come, or failed.
    Promise.all([need("regulars-survey", id), isStillDue && page.customer && meet()])
      .then(([[content, element]]) => element.open(page, content, isStillDue))
      .then(() => {
        page.showing = 0;
        check();
      })
      .catch(ignore);
  };
  const check = () => {
    page.watchers.forEach((watch) => watch());
    const survey = !page.showing && boot.surveys.find(isDue);
    if (survey) present(survey.id, () => isDue(survey));
  };
  const start = () => {
    if (isGranted && read().queue?.length) bring("core/send.js", (send) => send.flush(page));
    check();
  };

  const calls = {
    __proto__: null,
    track(name, values) {
      for (const [field, value] of Object.entries(values || {}))
        if (value != null) fields[field] = String(value);
      happened.push([name, values || {}]);
      check();
    },
    consent(isGiven) {
      if (!isGiven) {
        use((storage) => storage.removeItem(key), true);
        page.session = meeting = undefined;
        memory = {};
      }
      isGranted = isGiven;
      write(memory);
      start();
    },
    open(id = boot.surveys[0]?.id) {
      if (id) present(id);
    },
  };
  const push = (...list) => {
    for (const call of list) if (Array.isArray(call)) calls[call[0]]?.(...call.slice(1));
  };

  const arrive = () => {
    if (address != (address = url())) {
      page.arrived = performance.now();
      page.deepest = 0;
      for (const { seconds } of boot.surveys) setTimeout(check, (seconds || 0) * 1000 + 20);
    }
  };
  const scrolled = () => {
    const rest = look("documentElement").scrollHeight - innerHeight;
    page.deepest = Math.max(page.deepest, rest > 0 ? (scrollY / rest) * 100 : 100);
    check();
  };

  const page = {
    __proto__: null, boot, fields, happened, gates, watchers: [],
    read, write, remember, text, url, look, ask, bring, bucket, meet, check,
  };

  const said = { __proto__: null };
  const mine = `script[src*="/embed/v1/${boot.site}.js"]`;
  const tag = look("currentScript") || Document.prototype.querySelector.call(document, mine);
  for (const { name, value } of tag?.attributes || []) {
    const match = name.match(/^data-(field-)?(.+)/);
    if (match) (match[1] ? fields : said)[match[2]] = value;
  }
  const { event, consent } = said;
  page.customer = said.customer;

  // Page frameworks run the tag again on every visit; the first loader takes it from there.
  const early = window.regulars;
  if (early?.site == boot.site) {
    early.track(event, fields);
    if (consent) early.consent(consent == "granted");
    return;
  }
  window.regulars = { ...calls, push, site: boot.site };
  happened.push([event, fields]);
  if (consent) isGranted = consent == "granted";

  for (const name of Object.keys(boot.elements)) {
    const Stub = class extends HTMLElement {
      async connectedCallback() {
        try {
          await 0;
          const [content, element] = await need(name, this.getAttribute(boot.elements[name][1]) || "");
          await element.connect(page, this, content);
        } catch {}
      }
      disconnectedCallback() {
        this.dispatchEvent(new Event("regulars:left"));
      }
    };
    customElements.get(name) || customElements.define(name, Stub);
  }

  window.navigation?.addEventListener("currententrychange", arrive);
  for (const name of ["popstate", "click"]) addEventListener(name, arrive);
  for (const name of ["scroll", "load"]) addEventListener(name, scrolled);
  arrive();
  start();
  if (boot.surveys.some(({ more }) => more)) bring("core/gates.js", (rarer) => rarer.join(page));
  if (boot.page_time) bring("insights/page-time.js", (time) => time.measure(page));
  if (location.search.includes("regulars-debug")) bring("surveys/debug.js", (debug) => debug.show(page));
  if (Array.isArray(early)) push(...early);
})(__BOOT__);
