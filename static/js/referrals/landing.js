// Our own page behind an advocate's link: counts the visit, which fetching the page alone does not.
{
  const { visit, via, visitor: fresh, keep } = document.currentScript.dataset;
  let visitor = fresh;
  try {
    if (keep) localStorage[keep] = visitor = localStorage[keep] || fresh;
  } catch {}
  document.querySelector("[name=visitor]").value = visitor;
  fetch(visit, { method: "POST", keepalive: true, body: new URLSearchParams({ via, visitor }) }).then(({ status }) => {
    if (status == 401) delete localStorage[keep];
  });
}
