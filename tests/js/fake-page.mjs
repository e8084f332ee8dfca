// What the loader hands to the modules, with a memory instead of a browser's storage.
export const fakePage = (memory = {}) => ({
  boot: { api: "https://feedback.example/embed/v1/st_1" },
  session: undefined,
  read: () => memory,
  write(changes) {
    memory = { ...memory, ...changes };
  },
  text: JSON.stringify,
});

// Answers every request with the next status; an Error is a network that is down.
export const fakeFetch = (...statuses) => {
  const calls = [];
  globalThis.fetch = async (url, init) => {
    calls.push({ url, ...init, body: JSON.parse(init.body) });
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    if (status instanceof Error) throw status;
    return { status, ok: status < 300 };
  };
  return calls;
};
