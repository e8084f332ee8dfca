// The install page's sign turns green by itself: asks every three seconds while somebody is looking.

const EVERY_MS = 3000;
const sign = document.getElementById("install-status");
const words = sign.querySelector("[role=status]");

const look = async () => {
  try {
    const response = await fetch(sign.dataset.status, { headers: { Accept: "application/json" } });
    if (response.status === 401) {
      words.textContent = sign.dataset.ended;
      return;
    }
    const status = await response.json();
    if (words.textContent.trim() !== status.message) words.textContent = status.message;
    sign.classList.toggle("is-on", status.is_installed);
    if (status.is_installed) return;
  } catch {
    // The server or the network is away for a moment: ask again later.
  }
  lookLater();
};

const lookLater = () => {
  setTimeout(() => {
    if (document.visibilityState === "visible") look();
    else document.addEventListener("visibilitychange", look, { once: true });
  }, EVERY_MS);
};

if (!sign.classList.contains("is-on")) lookLater();
