// Peek: what a link leads to, beside it. For mouse and keyboard; a tap on a telephone follows the link at once.
"use strict";
(() => {
  const peeked = new Map();
  const hovers = matchMedia("(hover: hover) and (pointer: fine)");
  let peek = null;
  let peekTimer = 0;
  const leavePeek = () => {
    clearTimeout(peekTimer);
    peek?.link.removeAttribute("aria-describedby");
    peek?.box.remove();
    peek = null;
  };
  const showPeek = async (link) => {
    const address = `${link.href.split("#")[0]}/card`;
    if (peek?.link === link) return;
    if (!peeked.has(address)) {
      const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
      if (!answer?.ok) return;
      peeked.set(address, await answer.text());
    }
    if (!link.matches(":hover, :focus")) return;
    leavePeek();
    const box = document.createElement("div");
    box.className = "peek";
    box.id = "peek";
    box.append(...new DOMParser().parseFromString(peeked.get(address), "text/html").body.childNodes);
    document.body.append(box);
    const at = link.getClientRects()[0];
    const below = innerHeight - at.bottom;
    const top = below > box.offsetHeight + 8 || below > at.top ? at.bottom + 4 : at.top - box.offsetHeight - 4;
    box.style.top = `${Math.max(8, top) + scrollY}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 8)) + scrollX}px`;
    link.setAttribute("aria-describedby", "peek");
    peek = { link, box };
  };
  const wantPeek = (link, pause) => {
    clearTimeout(peekTimer);
    peekTimer = setTimeout(() => showPeek(link), pause);
  };
  document.addEventListener("pointerover", (event) => {
    const link = event.target.closest?.("a[data-peek]");
    if (link && event.pointerType === "mouse" && hovers.matches) wantPeek(link, 250);
    else if (peek && event.target.closest?.(".peek")) clearTimeout(peekTimer);
    else if (peek && document.activeElement !== peek.link) {
      clearTimeout(peekTimer);
      peekTimer = setTimeout(leavePeek, 250);
    } else if (!peek) clearTimeout(peekTimer);
  });
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest?.("a[data-peek]");
    if (link?.matches(":focus-visible") && hovers.matches) wantPeek(link, 100);
    else if (!event.target.closest?.(".peek")) leavePeek();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !peek) return;
    event.stopPropagation();
    leavePeek();
  }, true);
})();
