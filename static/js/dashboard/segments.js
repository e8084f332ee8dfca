// The form of a segment: the count follows what is chosen, and its buttons work without reloads.

const WAIT_MS = 250;
const form = document.querySelector("[data-segment]");
let waiting;
let turn = 0;

const collect = (more = {}) => {
  const fields = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  return fields;
};

const say = (words) => {
  const place = form.querySelector("[data-count]");
  if (place.textContent !== words) place.textContent = words;
};

const count = async () => {
  const mine = ++turn;
  const query = collect();
  query.delete("csrf_token");
  const answer = await fetch(`${form.dataset.countUrl}?${query}`).catch(() => null);
  if (mine === turn && answer?.ok) say((await answer.json()).words);
};

const countSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(count, WAIT_MS);
};

const hideWithoutScript = () => {
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
};

// The server renders the form anew; here it takes the place of the old one, and work goes on where it was.
const act = async (action) => {
  clearTimeout(waiting);
  turn++;
  const answer = await fetch(form.action, { method: "POST", body: collect({ do: action }) }).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-segment]");
  if (!fresh) return false;
  form.replaceChildren(...fresh.childNodes);
  hideWithoutScript();
  form.querySelector("[autofocus]")?.focus();
  return true;
};

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button?.value || button.value === "save") return;
  event.preventDefault();
  if (button.value === "count") count();
  else if (!(await act(button.value))) say(form.dataset.failed);
});
form.addEventListener("input", countSoon);
form.addEventListener("change", countSoon);

hideWithoutScript();
