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
  const look = (name) => Reflect.get(Document.prototype, name, document);
  const ignore = () => {};
  const url = () => location.href.split("#")[0].replace(/[?&]regulars-debug$/, "");

  // Old libraries put toJSON on prototypes; what it makes of a value is passed over for the value itself.
  const text = (value) =>
    JSON.stringify(value, function (name) {
      return this[name];
    });

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
  const load = (file) => import(boot.assets + file + ".js");
  const bring = (file, action, ...values) =>
    load(file).then((module) => module[action](page, ...values)).catch(ignore);
  const meet = () => (meeting ||= bring("core/session", "meet"));
  const need = ([path, , ...files], value) =>
    Promise.all([
      path && ask(path.replace("*", () => encodeURIComponent(value)) + page.languages),
      ...files.map(load),
    ]);

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
    sample: ({ sample }) => !sample || (bucket() * sample[0] + sample[1]) % 10000 < sample[2],
    more: ({ more }) => !more,
  };
  const isDue = (survey) => Object.values(gates).every((gate) => gate(survey));

  // What could not be loaded leaves it at that: no other sheet opens by itself in this page.
  const present = async (id, isStillDue) => {
    page.showing = id;
    try {
      // What a customer was asked elsewhere is known when the session has come, or failed.
      const session = isStillDue && page.customer && meet();
      const [content, module] = await need(boot.elements.survey, id);
      await session;
      await module.open(page, content, isStillDue);
      page.showing = 0;
      check();
    } catch {}
  };
  const check = () => {
    page.watchers.forEach((watch) => watch());
    const survey = !page.showing && boot.surveys.find(isDue);
    if (survey) present(survey.id, () => isDue(survey));
  };
  const start = () => {
    if (isGranted && read().queue?.length) bring("core/asking", "flush");
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
    push(...list) {
      for (const call of list) if (Array.isArray(call)) calls[call[0]]?.(...call.slice(1));
    },
  };

  const arrive = () => {
    if (address != (address = url())) {
      page.arrived = performance.now();
      page.deepest = 0;
      for (const { seconds = 0 } of [{}, ...boot.surveys]) setTimeout(check, seconds * 1000 + 20);
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
    languages: encodeURIComponent(navigator.languages.slice(0, 9)),
  };

  const said = { __proto__: null };
  const mine = `script[src*="${boot.site}.js"]`;
  const tag = look("currentScript") || look("querySelector").call(document, mine);
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
  window.regulars = { ...calls, site: boot.site };
  happened.push([event, fields]);
  if (consent) isGranted = consent == "granted";

  for (const [name, element] of Object.entries(boot.elements)) {
    class Stub extends HTMLElement {
      async connectedCallback() {
        try {
          await 0;
          const [content, module] = await need(element, this.getAttribute(element[1]) || "");
          await module.connect(page, this, content);
        } catch {}
      }
      disconnectedCallback() {
        this.dispatchEvent(new Event("regulars:left"));
      }
    }
    try {
      customElements.define(`regulars-${name}`, Stub);
    } catch {}
  }

  window.navigation?.addEventListener("currententrychange", arrive);
  addEventListener("popstate", arrive);
  addEventListener("click", arrive);
  addEventListener("load", scrolled);
  addEventListener("scroll", scrolled);
  arrive();
  start();
  if ([...boot.surveys, ...(boot.popups || [])].some(({ more }) => more)) bring("core/gates", "join");
  if (boot.popups) bring("popups/popup-watch", "watch");
  if (boot.page_time) bring("insights/page-time", "measure");
  if (url().includes("regulars_ref")) bring("referrals/referral-element", "join");
  if (location.search.includes("regulars-debug")) bring("surveys/debug", "show");
  if (Array.isArray(early)) calls.push(...early);
})(__BOOT__);
