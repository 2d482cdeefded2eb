// The screen in the lobby: turns the page, keeps the clock right meanwhile, and has the last picture kept for when the network is gone.
"use strict";
(() => {
  const clock = document.querySelector("[data-clock]");
  const day = document.querySelector("[data-day]");
  const tick = () => {
    const now = new Date();
    const time = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
    if (clock.textContent !== time) clock.textContent = time;
    const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(now);
    if (day.textContent !== words) day.textContent = words;
  };
  tick();
  setInterval(tick, 1000);
  setTimeout(() => location.replace(document.body.dataset.next), Number(document.body.dataset.seconds) * 1000);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(document.body.dataset.worker).catch(() => {});
})();
