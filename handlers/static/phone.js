// The simulated phone, a little nearer to a real one: letters on the keys, a live count, texts that come by themselves.
"use strict";

const GSM_SINGLE =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_DOUBLE = "\f^{}\\[~]|€";
const ROOM = { gsm7: [160, 153], ucs2: [70, 67] };
const POLL_MS = 2000;
const SAME_KEY_MS = 900;

// Segments as 3GPP TS 23.038 and 23.040 count them; a sign of two units never straddles two segments.
function fit(text) {
  const signs = Array.from(text);
  const plain = signs.every((sign) => (GSM_SINGLE + GSM_DOUBLE).includes(sign));
  const [alone, joined] = ROOM[plain ? "gsm7" : "ucs2"];
  const width = plain ? (sign) => (GSM_DOUBLE.includes(sign) ? 2 : 1) : (sign) => sign.length;
  const units = signs.reduce((sum, sign) => sum + width(sign), 0);
  if (units <= alone) return { plain, segments: 1, left: alone - units };
  let segments = 1;
  let used = 0;
  for (const sign of signs) {
    if (used + width(sign) > joined) {
      segments += 1;
      used = 0;
    }
    used += width(sign);
  }
  return { plain, segments, left: joined - used };
}

function startCounting(area, output) {
  const count = () => {
    const { segments, left } = fit(area.value);
    output.textContent = area.dataset.segments.replace("{left}", left).replace("{segments}", segments);
  };
  area.addEventListener("input", count);
  count();
  return count;
}

function startListening(list) {
  let last = list.innerHTML;
  const listen = async () => {
    try {
      const answer = await fetch(list.dataset.texts, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { bubbles, unread } = await answer.json();
      if (bubbles.trim() !== last.trim()) {
        last = bubbles;
        list.innerHTML = bubbles;
        list.parentElement.scrollTop = 0; // its end: the box runs backwards
        lightUp();
      }
      for (const badge of document.querySelectorAll(".unread")) {
        const waiting = unread[badge.dataset.number] || 0;
        badge.hidden = waiting === 0 || badge.closest("a").hasAttribute("aria-current");
        badge.textContent = waiting;
      }
    } catch {
      // The machine may be stopping; the next look tells.
    }
  };
  setInterval(listen, POLL_MS);
  return listen;
}

function lightUp() {
  const handset = document.querySelector(".handset");
  handset.classList.remove("lit");
  requestAnimationFrame(() => handset.classList.add("lit"));
}

function startSending(form, listen, count) {
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.formAction.endsWith("/count")) return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer?.ok) {
      form.submit();
      return;
    }
    form.elements.text.value = "";
    form.elements.message_id.value = crypto.randomUUID().replaceAll("-", "");
    count();
    listen();
  });
  form.elements.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

// In a text, a key pressed again within a moment walks through its letters and its digit, as feature phones do.
function startTyping(keys, field, spelling) {
  let key = "";
  let step = 0;
  let pressed = 0;
  let large = false;
  keys.addEventListener("submit", (event) => {
    event.preventDefault();
    const digit = event.submitter?.value ?? "";
    if (spelling && digit === "#") {
      large = !large;
      return;
    }
    const signs = spelling ? event.submitter.dataset.letters.replace("_", " ") + digit : digit;
    const again = signs.length > 1 && digit === key && Date.now() - pressed < SAME_KEY_MS;
    step = again ? (step + 1) % signs.length : 0;
    const kept = again ? field.value.slice(0, -1) : field.value;
    field.value = kept + (large ? signs[step].toUpperCase() : signs[step]);
    key = digit;
    pressed = Date.now();
    field.dispatchEvent(new Event("input"));
    field.focus();
  });
}

document.documentElement.classList.add("scripted");
const keys = document.getElementById("keys");
const compose = document.getElementById("compose");
const entry = document.getElementById("typed");
if (compose) {
  const area = document.getElementById("text");
  const count = startCounting(area, document.getElementById("fit"));
  const listen = startListening(document.getElementById("bubbles"));
  startSending(compose, listen, count);
  startTyping(keys, area, true);
} else if (entry) {
  startTyping(keys, entry, false);
  entry.addEventListener("input", () => {
    const large = document.querySelector(".dialled p");
    if (large) large.textContent = entry.value;
  });
}
