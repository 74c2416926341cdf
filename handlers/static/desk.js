// Shows the exact text a citizen would get while an official types; every page works without this file.
"use strict";

const PAUSE_MS = 250;

function show(form, told) {
  const live = form.querySelector(".live");
  live.hidden = !told;
  if (!told) return;
  live.querySelector(".sms-out").textContent = told.body;
  live.querySelector(".size").textContent = [told.size, ...told.flaws].join(" · ");
}

async function ask(form, signal) {
  if (!form.elements.text.value.trim()) return null;
  const fields = new URLSearchParams({ text: form.elements.text.value, kind: form.elements.kind.value });
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(form.dataset.preview, { method: "POST", body: fields, headers, signal });
  return answer.ok && !answer.redirected ? answer.json() : null;
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  let timer = 0;
  let running = new AbortController();
  form.elements.text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running.abort();
      running = new AbortController();
      ask(form, running.signal).then((told) => show(form, told), () => show(form, null));
    }, PAUSE_MS);
  });
  if ("filled" in form.dataset) form.elements.text.dispatchEvent(new Event("input"));
}

// A ready-made text goes to the end of what was typed; without this file its link opens the page with it.
for (const link of document.querySelectorAll("a[data-template]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const field = document.getElementById(link.dataset.into);
    field.value = [field.value.trim(), link.dataset.template].filter(Boolean).join(" ");
    field.dispatchEvent(new Event("input"));
    link.closest("details").open = false;
    field.focus();
  });
}

// A second click on a button that sends does nothing; the server would refuse it anyway.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
