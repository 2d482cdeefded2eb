// The console: a phone bar that never unloads, and below it the work, fetched and swapped in place.
// One part a section: bar, clocks, ringing, phone, work, notes, knowledge.
"use strict";
(() => {
  const root = document.querySelector("[data-console]");
  if (!root || !window.fetch) return;
  const one = (selector, place = document) => place.querySelector(selector);
  const all = (selector, place = document) => [...place.querySelectorAll(selector)];
  const phone = one("#phone");
  const work = one("#work");
  const token = () => one("input[name=csrfmiddlewaretoken]", root).value;
  const words = (name) => root.dataset[`words${name}`] || "";
  const asScript = { "X-Requested-With": "fetch" };
  root.classList.add("is-alive");

  const complain = () => {
    const line = document.createElement("p");
    line.className = "phone-fault";
    line.setAttribute("role", "alert");
    line.textContent = words("Failed");
    phone.append(line);
    setTimeout(() => line.remove(), 6000);
  };

  // ------------------------------------------------------------ bar
  let shown = { call: "", state: "" };
  let asking = null;
  const typingIn = (place) => place.contains(document.activeElement) && document.activeElement.matches("input, textarea") && document.activeElement.value;
  const draw = (html) => {
    const bar = one("[data-bar]", new DOMParser().parseFromString(html, "text/html"));
    if (!bar) return;
    const held = typingIn(phone) ? { name: document.activeElement.form?.action, value: document.activeElement.value } : null;
    const isOpen = Boolean(one("details.phone-more[open]", phone));
    phone.replaceChildren(bar);
    if (isOpen && one("details.phone-more", phone)) one("details.phone-more", phone).open = true;
    if (held) {
      const field = all("input[name=number]", phone).find((input) => input.form.action === held.name);
      if (field) {
        field.value = held.value;
        field.focus();
      }
    }
    follow();
  };
  const refresh = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(root.dataset.barUrl, { headers: asScript, credentials: "same-origin", signal: asking.signal });
      if (answer.redirected || answer.status === 403) location.reload();
      else if (answer.ok) draw(await answer.text());
    } catch { /* the next news or the next look brings it */ }
  };
  // News of one's own call fetch the bar at once; those of the unit only the few figures, and not each time.
  const LEISURE = 3000;
  let looksAt = 0;
  const look = async () => {
    looksAt = 0;
    // Whoever is about to ask or pass on sees who is free now.
    if (one("details.phone-more[open]", phone)) {
      refresh();
      return;
    }
    try {
      const answer = await fetch(root.dataset.queueUrl, { headers: asScript, credentials: "same-origin" });
      const figures = answer.ok && one("[data-queue]", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (figures) one("[data-queue]", phone)?.replaceWith(figures);
      tick();
    } catch { /* the next news or the next look brings it */ }
  };
  const lookSoon = () => { looksAt ||= setTimeout(look, LEISURE * (0.5 + Math.random())); };
  document.addEventListener("live", (event) => {
    if (event.detail?.event === "hotline" || event.detail?.event === "again") refresh();
    else if (event.detail?.event === "hotline.queue") lookSoon();
  });
  phone.addEventListener("click", (event) => {
    if (event.target.closest(".phone-more > summary")) refresh();
  });
  setInterval(refresh, 20000);
  window.addEventListener("online", refresh);

  phone.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-phone]");
    if (!form) return;
    event.preventDefault();
    const sent = new FormData(form, event.submitter || undefined);
    if (event.submitter?.name && !sent.has(event.submitter.name)) sent.append(event.submitter.name, event.submitter.value);
    all("button", form).forEach((button) => { button.disabled = true; });
    hush();
    try {
      const answer = await fetch(event.submitter?.getAttribute("formaction") || form.action, { method: "POST", body: sent, headers: asScript, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      draw(await answer.text());
    } catch {
      complain();
      refresh();
    }
  }, true);

  // ------------------------------------------------------------ clocks
  const two = (number) => String(number).padStart(2, "0");
  const clock = (since) => {
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    const hours = Math.floor(seconds / 3600);
    const rest = `${Math.floor((seconds % 3600) / 60)}`;
    return hours ? `${hours}:${two(rest)}:${two(seconds % 60)}` : `${rest}:${two(seconds % 60)}`;
  };
  const tick = () => all("[data-since]").forEach((node) => { node.textContent = clock(Number(node.dataset.since)); });
  setInterval(tick, 1000);

  // ------------------------------------------------------------ ringing
  const title = document.title;
  let sound = null;
  let bell = 0;
  const ring = () => {
    document.title = `(${words("Rings")}) ${title}`;
    if (bell) return;
    const tone = () => {
      try {
        sound ||= new AudioContext();
        for (const [frequency, from] of [[440, 0], [554, 0.22]]) {
          const wave = sound.createOscillator();
          const level = sound.createGain();
          wave.frequency.value = frequency;
          level.gain.setValueAtTime(0.0001, sound.currentTime + from);
          level.gain.exponentialRampToValueAtTime(0.18, sound.currentTime + from + 0.03);
          level.gain.exponentialRampToValueAtTime(0.0001, sound.currentTime + from + 0.2);
          wave.connect(level).connect(sound.destination);
          wave.start(sound.currentTime + from);
          wave.stop(sound.currentTime + from + 0.22);
        }
      } catch { /* a browser that allows no sound before a click shows the call all the same */ }
    };
    tone();
    bell = setInterval(tone, 2000);
  };
  const hush = () => {
    clearInterval(bell);
    bell = 0;
    document.title = title;
  };

  // ------------------------------------------------------------ phone
  const states = { up: "Up", trying: "Trying", down: "Down", microphone: "Microphone", insecure: "Insecure" };
  let lineState = "off";
  const showLine = () => {
    const place = one("[data-line]", phone);
    if (!place) return;
    place.hidden = lineState === "off";
    place.textContent = states[lineState] ? words(states[lineState]) : "";
    place.dataset.line = lineState;
  };
  const line = root.dataset.voice && window.YiwangLine
    ? new window.YiwangLine({
      address: root.dataset.voice,
      out: one("[data-voice-out]", root),
      tell: (state) => {
        lineState = state;
        showLine();
      },
      ticket: async (session) => {
        const sent = new FormData();
        sent.append("csrfmiddlewaretoken", token());
        sent.append("session", session);
        const answer = await fetch(root.dataset.ticketUrl, { method: "POST", body: sent, headers: asScript, credentials: "same-origin" });
        return answer.ok ? (await answer.json()).ticket : "";
      },
    })
    : null;
  phone.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mute]");
    if (!button || !line) return;
    line.mute(!line.isMuted);
    showMute();
  });
  const showMute = () => {
    const button = one("[data-mute]", phone);
    if (!button) return;
    button.hidden = !line;
    button.dataset.words ??= button.textContent.trim();
    button.setAttribute("aria-pressed", String(Boolean(line?.isMuted)));
    button.lastChild.textContent = line?.isMuted ? words("Unmute") : button.dataset.words;
  };

  // ------------------------------------------------------------ what follows from the bar
  const follow = () => {
    const bar = one("[data-bar]", phone);
    const now = { call: bar.dataset.call, state: bar.dataset.callState };
    line?.want(bar.dataset.agentState !== "off");
    if (now.call !== shown.call) {
      line?.mute(false);
      if (now.call) open(bar.dataset.callUrl, { isSudden: true });
    } else if (now.call && now.state !== shown.state && (now.state === "ended" || shown.state === "ringing")) {
      reopen(bar.dataset.callUrl);
    }
    if (one("[data-answer]", phone) && !("autoAnswer" in bar.dataset)) ring();
    else hush();
    shown = now;
    showLine();
    showMute();
    tick();
  };

  // ------------------------------------------------------------ work: fetched and swapped in place
  let at = "";
  let going = null;
  const isMine = (address) => address.origin === location.origin && !address.pathname.startsWith("/static/");
  const place = (html, address) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const inner = one("#work", page) || one(".page-body", page) || one("main", page);
    if (!inner) return;
    const nodes = inner.id === "work" ? [...inner.childNodes] : [inner];
    const head = one(".page-head", page);
    const strip = [...all("main > .notice, main .messages > *", page)];
    work.replaceChildren(...(inner.id === "work" || !head ? [] : [head]), ...strip.filter((node) => !inner.contains(node)), ...nodes);
    all("script", work).forEach((node) => node.remove());
    at = address;
    window.htmx?.process(work);
    document.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true }));
    dress();
    window.scrollTo({ top: 0 });
  };
  const load = async (address, { isStillWanted = () => true, ...options } = {}) => {
    going?.abort();
    going = new AbortController();
    work.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" }, signal: going.signal, ...options });
      const type = answer.headers.get("Content-Type") || "";
      if (!type.startsWith("text/html")) {
        window.open(address, "_blank", "noopener");
        return;
      }
      const html = await answer.text();
      if (!isStillWanted()) return false;
      place(html, answer.url);
      if (options.method) refresh();
    } catch (trouble) {
      if (trouble.name !== "AbortError") complain();
    } finally {
      work.removeAttribute("aria-busy");
    }
  };
  const open = (address, { isSudden = false } = {}) => {
    saveNotes();
    return load(address).then(() => { if (!isSudden) work.focus({ preventScroll: true }); });
  };
  // News may come while somebody types or reads on: what was begun stays, and the page is asked for again
  // once the hands rest and nothing unsent stands in a field. Notes are kept as they are typed.
  let touched = 0;
  let rest = 0;
  ["input", "click"].forEach((kind) => work.addEventListener(kind, () => { touched += 1; }, true));
  const isUnsent = () => Boolean(unsaved) || all("form textarea:not([data-note]), form input:not([type=hidden], [type=radio], [type=checkbox])", work).some((field) => field.value !== field.defaultValue);
  const reopen = (address) => {
    clearTimeout(rest);
    if (!at || new URL(at).pathname !== new URL(address, location.href).pathname) return;
    const before = touched;
    const isFree = () => touched === before && !typingIn(work) && !isUnsent();
    const askLater = () => { rest = setTimeout(() => reopen(address), 4000); };
    if (!isFree()) askLater();
    else load(address, { isStillWanted: isFree }).then((isPlaced) => { if (isPlaced === false) askLater(); });
  };
  root.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use-article]");
    if (use) {
      useArticle(use);
      return;
    }
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target === "_blank" || link.hasAttribute("download")) return;
    const address = new URL(link.href);
    if (!isMine(address) || (address.pathname === location.pathname && address.hash)) return;
    event.preventDefault();
    open(link.href);
  });
  work.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    const sent = new FormData(form);
    if (event.submitter?.name) sent.append(event.submitter.name, event.submitter.value);
    const action = event.submitter?.getAttribute("formaction") || form.getAttribute("action") || at || location.href;
    const address = new URL(action, at || location.href);
    if (!isMine(address)) return;
    if ((form.getAttribute("method") || "get").toLowerCase() === "post") load(address.href, { method: "POST", body: sent });
    else {
      address.search = new URLSearchParams([...sent].filter(([, value]) => typeof value === "string")).toString();
      load(address.href);
    }
  }, true);

  // ------------------------------------------------------------ notes: kept while they are typed
  let later = 0;
  let unsaved = null;
  const saveNotes = () => {
    clearTimeout(later);
    if (!unsaved) return;
    const sent = new FormData();
    sent.append("csrfmiddlewaretoken", token());
    sent.append("words", unsaved.value);
    const address = unsaved.dataset.note;
    unsaved = null;
    fetch(address, { method: "POST", body: sent, headers: asScript, credentials: "same-origin", keepalive: true }).catch(complain);
  };
  work.addEventListener("input", (event) => {
    if (!event.target.matches("[data-note]")) return;
    unsaved = event.target;
    clearTimeout(later);
    later = setTimeout(saveNotes, 800);
  });
  window.addEventListener("pagehide", saveNotes);

  // ------------------------------------------------------------ knowledge
  const useArticle = (button) => {
    const form = one("form input[name=article]", work)?.form;
    if (!form) return;
    one("input[name=article]", form).value = button.dataset.useArticle;
    const text = one("textarea", form);
    text.value = text.value || button.dataset.useWords;
    form.closest("details").open = true;
    text.focus();
  };
  const dress = () => all("[data-use-article]", work).forEach((button) => { button.hidden = !one("form input[name=article]", work); });
  document.addEventListener("htmx:after:swap", dress);

  follow();
})();
