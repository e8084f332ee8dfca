// The form of the program: the examples follow what is typed, computed by the server.

const WAIT_MS = 300;
const form = document.querySelector("[data-program]");
let waiting;
let turn = 0;

const listItem = (sentence) => {
  const item = document.createElement("li");
  item.textContent = sentence;
  return item;
};

const show = ({ examples, note }) => {
  const list = form.querySelector("[data-examples]");
  const words = form.querySelector("[data-examples-note]");
  if (words.textContent !== note) words.textContent = note;
  // While a field is half typed, the last examples that were right stay to be seen.
  if (examples.length > 0) list.replaceChildren(...examples.map(listItem));
};

const compute = async () => {
  const mine = ++turn;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.dataset.examplesUrl, { method: "POST", body }).catch(() => null);
  if (mine === turn && answer?.ok) show(await answer.json());
};

const computeSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(compute, WAIT_MS);
};

form.addEventListener("input", computeSoon);
form.addEventListener("change", computeSoon);
for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
