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
      try { last = await response.json(); } catch { last = { ok: false, words: "" }; }
      await inStore("readwrite", (store) => store.delete(act.order));
      if (!last.ok && last.words) say(last.words);
    }
    const rest = (await kept()).length;
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
    const fields = [...data].map(([name, value]) => (value instanceof File ? [name, value, value.name || "photo"] : [name, value]));
    form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    const act = { account, url: form.action, fields: fields.filter(([, value]) => !(value instanceof File && value.size === 0)) };
    await inStore("readwrite", (store) => store.add(act));
    const answer = await send();
    if (answer && answer.ok) location.assign(form.dataset.next || location.href);
    else form.querySelectorAll("button").forEach((button) => { button.disabled = answer === null; });
  });
  window.addEventListener("online", send);
  setInterval(async () => { if ((await kept()).length) send(); }, 30000);
  kept().then((acts) => { if (acts.length) send(); });

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
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(words.dataset.worker, { scope: "/team/" }).catch(() => {});
})();
