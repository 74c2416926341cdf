// Keys for officials who switched them on in their account: one letter, never while somebody types.
"use strict";

const typing = (where) => where.closest("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("main .list a.entry")];
const shown = (id) => {
  const field = document.getElementById(id);
  if (!field) return;
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field.focus();
  field.scrollIntoView({ block: "center" });
};
const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  all[Math.min(Math.max(at + by, 0), all.length - 1)].focus();
};
const DEEDS = {
  j: () => step(1),
  k: () => step(-1),
  l: () => location.assign(document.getElementById("shortcuts").dataset.list),
  "/": () => shown("q"),
  a: () => shown("answer-text"),
  p: () => shown("to-office"),
  n: () => shown("note"),
  "?": () => document.getElementById("shortcuts").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const deed = DEEDS[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
});
