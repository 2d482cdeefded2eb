"use strict";
// The clocks of the board run down by themselves; the page is fetched anew when something moves.
(() => {
  const tick = () => {
    document.querySelectorAll("[data-until]").forEach((clock) => {
      const left = Math.floor((Date.parse(clock.dataset.until) - Date.now()) / 1000);
      clock.classList.toggle("is-short", left < 120);
      clock.textContent = left <= 0 ? clock.dataset.over
        : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    });
  };
  tick();
  setInterval(tick, 1000);
})();
