// Spans that run on while a page is open.
"use strict";
(() => {
  const two = (number) => String(number).padStart(2, "0");
  setInterval(() => {
    document.querySelectorAll("[data-since]").forEach((node) => {
      const seconds = Math.max(0, Math.floor((Date.now() - Number(node.dataset.since)) / 1000));
      const minutes = Math.floor((seconds % 3600) / 60);
      const hours = Math.floor(seconds / 3600);
      node.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
    });
  }, 1000);
})();
