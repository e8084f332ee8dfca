// The loader: the one file every page pays for. It decides whether something is due and
// imports the rest only then. The server puts the boot document of the site in its last line.
((boot) => {
  const key = `regulars:${boot.site}`;
  const happened = new Set();
  const fields = { __proto__: null };
  let memory = {};
  let isGranted = !boot.consent;
  let deepest = 0;
  let meeting, address, arrived, isShowing;

  // Forms and images of the page can shadow document's own names; its prototype they cannot.
  const look = (name) => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
  const ignore = () => {};
  const url = () => location.href.split("#")[0];

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
  const introduce = async (token) => {
    const { visitor } = read();
    if (visitor && !token) return;
    const nonce = remember("nonce", () => crypto.getRandomValues(new Uint32Array(4)).join());
    const session = await ask("/sessions", {
      method: "POST",
      headers: { __proto__: null, "Content-Type": "application/json" },
      body: text({ visitor_token: visitor, customer_token: token, nonce }),
    });
    page.session = session.session_token;
    write({ visitor: session.visitor_token });
  };
  const meet = () => (meeting ||= introduce(customer).catch(() => introduce()).catch(ignore));
  const page = { __proto__: null, boot, fields, read, write, text, url, bucket, meet };
  const need = (tag, id) => {
    meet();
    return Promise.all([
      ask(`/surveys/${id}?lang=${encodeURIComponent(navigator.languages.slice(0, 9))}`),
      ...boot.elements[tag].map((file) => import(boot.assets + file)),
    ]);
  };

  const isSampled = (survey) => {
    let hash = 2166136261;
    for (const letter of `${bucket()}:${survey.id}`) hash = Math.imul(hash ^ letter.charCodeAt(), 16777619);
    return (hash >>> 0) % 10000 < survey.sample;
  };
  const isHere = (rules) => {
    const here = url();
    const ways = { __proto__: null, starts: "startsWith", ends: "endsWith" };
    const fits = ([how, part]) => how == "exact" ? here == part : here[ways[how] || "includes"](part);
    const bans = rules.filter(([how]) => how == "not_contains");
    const wishes = rules.filter(([how]) => how != "not_contains");
    return !bans.some(fits) && (!wishes[0] || wishes.some(fits));
  };
  const isWithin = (at, days) => Date.now() - at < days * 864e5;
  const isDue = (survey) =>
    isGranted &&
    survey.display == "sheet" &&
    (!survey.event || happened.has(survey.event)) &&
    performance.now() - arrived >= survey.seconds * 1000 &&
    deepest >= survey.scroll &&
    isHere(survey.urls) &&
    !isWithin(read().asked?.[survey.id], survey.repeat_days ?? Infinity) &&
    !isWithin(memory.asked_at, boot.cap_days) &&
    isSampled(survey);

  // What could not be loaded leaves it at that: no other sheet opens by itself in this page.
  const present = (id, isStillDue) => {
    isShowing = true;
    need("regulars-survey", id)
      .then(([content, element]) => element.open(page, content, isStillDue))
      .then(() => {
        isShowing = false;
        check();
      })
      .catch(ignore);
  };
  const check = () => {
    const survey = !isShowing && boot.surveys.find(isDue);
    if (survey) present(survey.id, () => isDue(survey));
  };
  const start = () => {
    if (isGranted && read().queue?.length)
      import(boot.assets + "core/send.js").then((send) => send.flush(page)).catch(ignore);
    check();
  };

  const calls = {
    __proto__: null,
    track(name, values) {
      for (const [field, value] of Object.entries(values || {}))
        if (value != null) fields[field] = String(value);
      happened.add(name);
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
      arrived = performance.now();
      deepest = 0;
      for (const { seconds } of boot.surveys) setTimeout(check, seconds * 1000 + 20);
    }
  };
  const scrolled = () => {
    const rest = look("documentElement").scrollHeight - innerHeight;
    deepest = Math.max(deepest, rest > 0 ? (scrollY / rest) * 100 : 100);
    check();
  };

  const said = { __proto__: null };
  const mine = `script[src*="/embed/v1/${boot.site}.js"]`;
  const tag = look("currentScript") || Document.prototype.querySelector.call(document, mine);
  for (const { name, value } of tag?.attributes || []) {
    const match = name.match(/^data-(field-)?(.+)/);
    if (match) (match[1] ? fields : said)[match[2]] = value;
  }
  const { event, consent, customer } = said;

  // Page frameworks run the tag again on every visit; the first loader takes it from there.
  const early = window.regulars;
  if (early?.site == boot.site) {
    early.track(event, fields);
    if (consent) early.consent(consent == "granted");
    return;
  }
  window.regulars = { ...calls, push, site: boot.site };
  happened.add(event);
  if (consent) isGranted = consent == "granted";

  for (const name of Object.keys(boot.elements)) {
    const Stub = class extends HTMLElement {
      async connectedCallback() {
        try {
          await 0;
          const [content, element] = await need(name, this.getAttribute("survey"));
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
  if (Array.isArray(early)) push(...early);
})(__BOOT__);
