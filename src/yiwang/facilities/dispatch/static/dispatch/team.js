"use strict";
// The team's phone: clocks, position while on duty, and forms that are kept when there is no network.
// Each form carries a number; the server does what bears a number once, however often it is sent.
(() => {
  const words = document.getElementById("phone-words");
  if (!words) return;
  const say = (text) => { words.textContent = text; };
  const account = words.dataset.account;

  // ---------------------------------------------------------------- clocks
  setInterval(() => {
    document.querySelectorAll("[data-until]").forEach((clock) => {
      const left = Math.floor((Date.parse(clock.dataset.until) - Date.now()) / 1000);
      clock.classList.toggle("is-short", left < 120);
      clock.textContent = left <= 0 ? clock.dataset.over
        : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    });
  }, 1000);

  // ---------------------------------------------------------------- what waits to be sent
  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("yiwang-team", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("acts", { keyPath: "order", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const inStore = async (mode, ask) => {
    const store = (await opened).transaction("acts", mode).objectStore("acts");
    return new Promise((resolve, reject) => {
      const request = ask(store);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  };
  const kept = async () => (await inStore("readonly", (store) => store.getAll())).filter((act) => act.account === account);

  const post = (act) => {
    const body = new FormData();
    act.fields.forEach(([name, value, file]) => (file ? body.append(name, value, file) : body.append(name, value)));
    return fetch(act.url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "follow" });
  };

  // What is kept can't be done a second time; what follows it can be done now.
  const mark = async () => {
    const waiting = new Set((await kept()).map((act) => new URL(act.url).pathname));
    document.querySelectorAll("form[data-act]").forEach((form) => {
      const waits = waiting.has(new URL(form.action).pathname);
      form.querySelectorAll("button").forEach((button) => { button.disabled = waits; });
      let note = form.querySelector(".phone-kept");
      if (waits && !note) {
        note = document.createElement("p");
        note.className = "phone-kept muted";
        note.textContent = words.dataset.mark;
        form.append(note);
      } else if (!waits && note) note.remove();
    });
    document.querySelectorAll("[data-after]").forEach((part) => { if (waiting.has(part.dataset.after)) part.hidden = false; });
  };
  // Each doing has a number of its own, on a page that is kept too; what is sent again keeps its number.
  const number = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const word = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return word.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  // Sends in order what is kept. Resolves to the last answer, or null where nothing got through.
  let sending = null;
  const send = () => { sending = sending || sendAll().finally(() => { sending = null; }); return sending; };
  const sendAll = async () => {
    let last = null;
    for (const act of await kept()) {
      let response;
      try { response = await post(act); } catch { break; }
      if (response.redirected || response.status === 403) { say(words.dataset.signIn); return null; }
      if (response.status >= 500 || response.status === 429) break;
      try { last = await response.json(); } catch { last = { ok: false, words: response.status === 404 ? words.dataset.gone : "" }; }
      await inStore("readwrite", (store) => store.delete(act.order));
      if (!last.ok && last.words) say(last.words);
    }
    const rest = (await kept()).length;
    await mark();
    if (rest) say(`${words.dataset.kept} (${words.dataset.waiting} ${rest})`);
    else if (last && last.ok) say(last.words || words.dataset.sent);
    return rest ? null : last;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter || undefined);
    data.set("done_at", new Date().toISOString());
    data.set("key", number());
    const fields = [...data].map(([name, value]) => (value instanceof File ? [name, value, value.name || "photo"] : [name, value]));
    form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    const act = { account, url: form.action, fields: fields.filter(([, value]) => !(value instanceof File && value.size === 0)) };
    await inStore("readwrite", (store) => store.add(act));
    const answer = await send();
    if (answer && answer.ok) location.assign(form.dataset.next || location.href);
    else await mark();
  });
  // Later, by itself: then the page is shown as things are now, unless somebody is typing in it.
  const later = async () => {
    if (!(await kept()).length) return;
    const last = await send();
    if (last && last.ok && !(document.activeElement || document.body).matches("input, textarea, select")) location.reload();
  };
  window.addEventListener("online", later);
  setInterval(later, 30000);
  mark().then(later);

  // ---------------------------------------------------------------- position while on duty
  const duty = document.querySelector("[data-duty]");
  let timer = 0;
  const report = () => navigator.geolocation.getCurrentPosition((found) => {
    const body = new FormData();
    body.append("latitude", found.coords.latitude);
    body.append("longitude", found.coords.longitude);
    body.append("csrfmiddlewaretoken", token());
    fetch(words.dataset.position, { method: "POST", body }).catch(() => {});
  }, () => say(words.dataset.noPlace), { enableHighAccuracy: true, maximumAge: 30000, timeout: 20000 });
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
  const setDuty = (on) => {
    localStorage.setItem("yiwang-duty", on ? account : "");
    duty.setAttribute("aria-pressed", String(on));
    const label = duty.querySelector("[data-on]");
    label.textContent = on ? label.dataset.on : label.dataset.off;
    clearInterval(timer);
    if (on) { report(); timer = setInterval(report, 60000); }
  };
  if (duty && navigator.geolocation) {
    duty.hidden = false;
    setDuty(localStorage.getItem("yiwang-duty") === account);
    duty.addEventListener("click", () => setDuty(duty.getAttribute("aria-pressed") !== "true"));
  }

  // ---------------------------------------------------------------- pages without a network
  // This page with what it is made of, and the page of each piece of work as it stands now.
  const keep = async () => {
    const cache = await caches.open("yiwang-team-1");
    const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((part) => part.href || part.src);
    for (const part of parts) if (!(await cache.match(part))) await cache.add(part).catch(() => {});
    if (!navigator.onLine) return;
    const here = location.pathname;
    if (!(await cache.match(here, { ignoreVary: true }))) await cache.add(here).catch(() => {});
    const stamps = JSON.parse(localStorage.getItem("yiwang-kept") || "{}");
    const seen = {};
    for (const link of document.querySelectorAll("a[data-keep]")) {
      const path = new URL(link.href).pathname;
      const stamp = `${account} ${link.dataset.keep}`;
      const isKept = stamps[path] === stamp && (await cache.match(path, { ignoreVary: true }));
      if (isKept || (await cache.add(path).then(() => true, () => false))) seen[path] = stamp;
    }
    if (document.getElementById("phone-lists")) localStorage.setItem("yiwang-kept", JSON.stringify(seen));
  };
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(words.dataset.worker, { scope: "/team/" }).catch(() => {});
    navigator.serviceWorker.ready.then(keep).catch(() => {});
    document.addEventListener("htmx:after:swap", () => { mark(); keep().catch(() => {}); });
  }
})();
