// Yiwang: what the pages do beyond links and forms. Everything works without it.
// One part a section: words, rows, keys, palette, forms, files, combo, keyboard forms, toasts, bell.
"use strict";
(() => {
  const body = document.body;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = (name) => body.dataset[`words${name}`] || "";

  // ------------------------------------------------------------ rows: j k Enter x
  let row = null;
  const rows = () => all("table[data-rows] tbody tr");
  const stand = (target) => {
    if (!target) return;
    row?.classList.remove("is-chosen");
    row = target;
    row.classList.add("is-chosen");
    (one("a[data-open]", row) || one("a, input", row))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(row);
    stand(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + by))]);
  };
  const choose = () => {
    const box = row && one(".tick input", row);
    if (box) box.click();
  };
  document.addEventListener("focusin", (event) => {
    const target = event.target.closest("table[data-rows] tbody tr");
    if (target && target !== row) {
      row?.classList.remove("is-chosen");
      row = target;
      row.classList.add("is-chosen");
    }
  });
  const count = (form) => {
    const boxes = all("tbody .tick input", form);
    const chosen = boxes.filter((box) => box.checked).length;
    const label = one("[data-bulk-count]", form);
    if (label) {
      label.dataset.words ??= label.textContent;
      label.textContent = chosen ? `${label.dataset.words} ${chosen}` : label.dataset.words;
    }
    all(".bulk button", form).forEach((button) => { button.disabled = chosen === 0; });
    const whole = one("[data-tick-all]", form);
    if (whole) {
      whole.checked = chosen > 0 && chosen === boxes.length;
      whole.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-tick-all]")) {
      all("tbody .tick input", form).forEach((box) => { box.checked = event.target.checked; });
    }
    count(form);
  });

  // ------------------------------------------------------------ keys
  const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const doorOf = (key) => all(".places a[data-key], [data-doors] a[data-key]").find((link) => link.dataset.key === key);
  const actionOf = (key) => all("[data-action][data-key]").find((node) => node.dataset.key === key);
  let waiting = 0;
  const sheet = one("dialog[data-keys]");
  const showKeys = () => {
    if (!sheet || sheet.open) return;
    const list = one("dl", sheet);
    all(".is-of-page", list).forEach((line) => line.remove());
    all("[data-action][data-key]").forEach((node) => {
      const line = document.createElement("div");
      const term = document.createElement("dt");
      const keys = document.createElement("dd");
      const key = document.createElement("kbd");
      line.className = "is-of-page";
      term.textContent = node.dataset.action;
      key.textContent = node.dataset.key;
      keys.append(key);
      line.append(term, keys);
      list.append(line);
    });
    sheet.showModal();
    sheet.scrollTop = 0;
  };
  const press = (node) => {
    if (node.matches("summary")) {
      for (let around = node.parentElement; around; around = around.parentElement.closest("details")) around.open = true;
      (one("textarea, input:not([type=hidden]), select, button", node.nextElementSibling) || node).focus();
    } else {
      node.click();
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      if (palette) {
        event.preventDefault();
        openPalette();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]") || typing(event.target)) return;
    const key = event.key;
    if (waiting && Date.now() - waiting < 1500) {
      waiting = 0;
      const door = doorOf(key);
      if (door) {
        event.preventDefault();
        door.click();
        return;
      }
    }
    waiting = 0;
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "x") choose();
    else if (key === "g") waiting = Date.now();
    else if (key === "?") showKeys();
    else if (key === "/") {
      const box = one("[data-search]");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (key === "Enter" && row && event.target === body) one("a[data-open]", row)?.click();
    else {
      const node = actionOf(key);
      if (!node) return;
      event.preventDefault();
      press(node);
    }
  });
  all("[data-open-keys]").forEach((button) => {
    button.hidden = !sheet;
    button.addEventListener("click", () => {
      button.closest("details")?.removeAttribute("open");
      showKeys();
    });
  });
  document.addEventListener("click", (event) => {
    all("details.top-menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (event.target.matches?.("dialog.float")) event.target.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.top-menu[open], details.panel[open]");
    if (menu && !one("dialog[open]")) {
      menu.open = false;
      one("summary", menu).focus();
    }
  });

  // ------------------------------------------------------------ palette: Ctrl-K
  const palette = one("dialog[data-palette]");
  let options = [];
  let at = 0;
  const draw = () => {
    const typed = one("input", palette).value.trim().toLowerCase();
    const list = one("[role=listbox]", palette);
    const found = options.filter((option) => option.words.toLowerCase().includes(typed)).slice(0, 12);
    at = Math.max(0, Math.min(at, found.length - 1));
    list.replaceChildren(...found.map((option, number) => {
      const line = document.createElement("li");
      const hint = document.createElement("span");
      line.id = `palette-${number}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(number === at));
      line.textContent = option.words;
      hint.className = "muted";
      hint.textContent = option.key;
      line.append(hint);
      line.addEventListener("click", () => go(option));
      return line;
    }));
    one("p", palette).hidden = found.length > 0;
    one("input", palette).setAttribute("aria-activedescendant", found.length ? `palette-${at}` : "");
    return found;
  };
  const go = (option) => {
    palette.close();
    press(option.node);
  };
  const openPalette = () => {
    const doors = one("[data-doors]") ? all("[data-doors] a") : all(".places a");
    options = [
      ...all("[data-action]").map((node) => ({ node, words: node.dataset.action, key: node.dataset.key || "" })),
      ...all(".page-actions a, .page-actions button:not([data-action])").map((node) => ({ node, words: node.textContent.trim(), key: "" })),
      ...doors.map((node) => ({ node, words: node.textContent.trim(), key: node.dataset.key ? `g ${node.dataset.key}` : "" })),
    ].filter((option) => option.words);
    one("input", palette).value = "";
    at = 0;
    draw();
    if (!palette.open) palette.showModal();
    one("input", palette).focus();
  };
  if (palette) {
    one("input", palette).addEventListener("input", () => { at = 0; draw(); });
    palette.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        at += event.key === "ArrowDown" ? 1 : -1;
        draw();
      } else if (event.key === "Enter") {
        event.preventDefault();
        const found = draw();
        if (found[at]) go(found[at]);
      }
    });
  }

  // ------------------------------------------------------------ forms: sent once, counted, kept
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    event.submitter?.classList.add("is-busy");
  });
  const release = () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    all(".is-busy", form).forEach((button) => button.classList.remove("is-busy"));
  });
  window.addEventListener("pageshow", release);
  document.addEventListener("htmx:after:request", release);

  const grow = (area) => {
    if (CSS.supports("height", "auto") && area.scrollHeight > area.clientHeight) {
      area.rows = Math.min(30, area.rows + Math.ceil((area.scrollHeight - area.clientHeight) / 27));
    }
  };
  const tell = (counter) => {
    const control = document.getElementById(counter.dataset.countOf);
    if (!control) return;
    const left = Number(counter.dataset.most) - [...control.value.replace(/\n/g, "\r\n")].length;
    counter.textContent = words(left < 0 ? "Over" : "Left").replace("{n}", Math.abs(left));
  };
  document.addEventListener("input", (event) => {
    const target = event.target;
    if (target.matches("textarea")) grow(target);
    if (target.id) all(`[data-count-of="${CSS.escape(target.id)}"]`).forEach(tell);
  });

  let shelf = null;
  try {
    shelf = "public" in body.dataset ? window.sessionStorage : window.localStorage;
  } catch { /* a browser that forbids storage keeps no drafts */ }
  const secret = (control) => control.type === "hidden" || control.type === "password" || control.type === "file";
  const drafts = () => (shelf ? all("form[data-draft]") : []);
  const shelfOf = (form) => ("draftTab" in form.dataset ? window.sessionStorage : shelf);
  const nameOf = (form) => `draft:${form.dataset.draft}`;
  const keep = (form) => {
    const kept = [...form.elements]
      .filter((control) => control.name && !secret(control) && control.type !== "submit")
      .filter((control) => !["checkbox", "radio"].includes(control.type) || control.checked)
      .map((control) => [control.name, control.value]);
    try {
      shelfOf(form).setItem(nameOf(form), JSON.stringify({ at: Date.now(), kept }));
    } catch { /* full shelf: the page still has what was typed */ }
  };
  const restore = (form) => {
    let draft = null;
    try {
      draft = JSON.parse(shelfOf(form).getItem(nameOf(form)) || "null");
    } catch { /* not ours */ }
    if (!draft || one("[data-errors], [aria-invalid=true]", form) || Date.now() - draft.at > 14 * 86400000) return;
    let changed = false;
    draft.kept.forEach(([name, value]) => {
      [...form.elements].filter((control) => control.name === name && !secret(control)).forEach((control) => {
        if (["checkbox", "radio"].includes(control.type)) {
          if (control.value === value && !control.checked) control.checked = changed = true;
        } else if (value && control.value !== value && (!control.value || control.type === "select-one")) {
          control.value = value;
          changed = true;
        }
      });
    });
    if (changed) toast(words("Draft"));
  };
  // A draft is dropped by the first page after sending that has another face: no such form, or a word of success.
  // The mark is this tab's alone, and error pages run no script, so a failed sending keeps what was typed.
  const sending = "draft-sent";
  const settle = () => {
    if (!shelf) return;
    const sent = sessionStorage.getItem(sending);
    if (!sent) return;
    sessionStorage.removeItem(sending);
    if (drafts().some((form) => nameOf(form) === sent) && !one(".notice-done")) return;
    shelf.removeItem(sent);
    sessionStorage.removeItem(sent);
  };
  const timers = new WeakMap();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form || !shelf) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => keep(form), 400));
  });
  document.addEventListener("submit", (event) => {
    if (!shelf || !event.target.matches("form[data-draft]")) return;
    clearTimeout(timers.get(event.target));
    keep(event.target);
    sessionStorage.setItem(sending, nameOf(event.target));
  });

  // ------------------------------------------------------------ files: what was picked
  const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  const showFiles = (input) => {
    const list = one(`[data-files-of="${CSS.escape(input.id)}"]`);
    if (!list) return;
    list.replaceChildren(...[...input.files].map((file, number) => {
      const line = document.createElement("li");
      const name = document.createElement("span");
      const weight = document.createElement("span");
      const leave = document.createElement("button");
      name.textContent = file.name;
      weight.className = "size";
      weight.textContent = size(file.size);
      leave.type = "button";
      leave.className = "button button-plain button-small";
      leave.textContent = words("Leave");
      leave.setAttribute("aria-label", `${words("Leave")} ${file.name}`);
      leave.addEventListener("click", () => {
        const rest = new DataTransfer();
        [...input.files].forEach((other, place) => { if (place !== number) rest.items.add(other); });
        input.files = rest.files;
        showFiles(input);
        input.focus();
      });
      line.append(name, weight, leave);
      return line;
    }));
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file]")) showFiles(event.target);
  });

  // ------------------------------------------------------------ combo: suggestions as one types
  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const asked = new WeakMap();
  const close = (input) => {
    listOf(input)?.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const ask = async (input) => {
    asked.get(input)?.abort();
    const call = new AbortController();
    asked.set(input, call);
    const address = new URL(input.dataset.combo, location.href);
    address.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(address, { signal: call.signal, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
      if (!answer.ok || document.activeElement !== input) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const list = listOf(input);
      list.replaceChildren(...found.body.childNodes);
      all("[role=option]", list).forEach((option, number) => {
        option.id ||= `${list.id}-${number}`;
        option.setAttribute("aria-selected", "false");
      });
      input.setAttribute("aria-expanded", String(list.children.length > 0));
    } catch (trouble) {
      if (trouble.name !== "AbortError") close(input);
    }
  };
  const pick = (input, option) => {
    const value = one("[data-combo-value]", input.parentElement);
    input.value = option.dataset.words || option.textContent.trim();
    if (value) value.value = option.dataset.value || "";
    close(input);
    input.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { value: option.dataset.value } }));
  };
  let pause = 0;
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-combo]")) return;
    const value = one("[data-combo-value]", input.parentElement);
    if (value) value.value = "";
    clearTimeout(pause);
    if (!input.value.trim()) close(input);
    else if (!event.isComposing) pause = setTimeout(() => ask(input), 160);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.matches?.("[data-combo]") && event.target.value.trim()) ask(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-combo]") || event.isComposing) return;
    const list = all("[role=option]", listOf(input));
    const now = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!list.length) return;
      event.preventDefault();
      const next = (now + (event.key === "ArrowDown" ? 1 : -1) + list.length + (now < 0 && event.key === "ArrowUp" ? 1 : 0)) % list.length;
      list.forEach((option, number) => option.setAttribute("aria-selected", String(number === next)));
      list[next].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", list[next].id);
    } else if (event.key === "Enter" && now >= 0) {
      event.preventDefault();
      pick(input, list[now]);
    } else if (event.key === "Escape" && list.length) {
      event.stopPropagation();
      close(input);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.(".combo-list [role=option]");
    if (!option) return;
    event.preventDefault();
    pick(one("[data-combo]", option.closest(".combo")), option);
  });
  // A proposal is selected whole, so that typing replaces it instead of growing into its middle.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-combo]")) event.target.select();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.("[data-combo]") && !event.target.parentElement.contains(event.relatedTarget)) close(event.target);
  });

  // ------------------------------------------------------------ forms for the keyboard: Ctrl-Enter sends, Enter moves on, Alt-1 jumps
  const stops = (form) => [...form.elements]
    .filter((node) => node.tabIndex >= 0 && !node.disabled && node.type !== "hidden" && node.offsetParent && form.contains(node))
    .filter((node) => node.type !== "radio" || node.checked || !form.elements[node.name].value);
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const form = target.form || target.closest?.("form");
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.defaultPrevented || !form) return;
    if (event.ctrlKey || event.metaKey) {
      const send = one("button.button-main", form);
      if (!send || form.method !== "post") return;
      event.preventDefault();
      send.click();
    } else if ("enter" in form.dataset && form.contains(target) && target.matches("input:not([type=file])")) {
      event.preventDefault();
      const list = stops(form).filter((node) => node === target || node.name !== target.name || !node.name);
      list[list.indexOf(target) + 1]?.focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !/^\d$/.test(event.key)) return;
    const node = one(`[accesskey="${event.key}"]`);
    if (!node) return;
    event.preventDefault();
    if (node.matches("summary")) press(node);
    else node.focus();
  });

  // ------------------------------------------------------------ toasts
  const toast = (text) => {
    const place = one("[data-toasts]") || body.appendChild(Object.assign(document.createElement("div"), { className: "toasts" }));
    const line = document.createElement("div");
    line.className = "toast";
    line.setAttribute("role", "status");
    line.textContent = text;
    place.append(line);
    setTimeout(() => line.remove(), 8000);
  };
  all("[data-toast]").forEach((line) => {
    if (!one("form", line)) setTimeout(() => line.remove(), 8000);
  });

  // ------------------------------------------------------------ the line at the top: an announcement for this person
  const announce = (line) => {
    const place = one("[data-news-line]");
    if (!place || !String(line.url).startsWith("/")) return;
    const link = document.createElement("a");
    link.href = line.url;
    link.textContent = line.title;
    const lead = document.createElement("strong");
    lead.textContent = line.must ? `${place.dataset.wordsMust} ` : "";
    all(":scope > :not(p)", place).forEach((part) => part.remove());
    one("p", place).replaceChildren(...(line.must ? [lead, link] : [link]));
    place.className = "notice";
    place.hidden = false;
  };

  // ------------------------------------------------------------ bell: live news
  // The stream sends `{"unread": 3, "words": "…"}`; other parts of the page listen to the event `live`.
  const listen = () => {
    if (!body.dataset.live || !window.EventSource) return;
    const source = new EventSource(body.dataset.live, { withCredentials: true });
    source.addEventListener("message", (event) => {
      let news = null;
      try {
        news = JSON.parse(event.data);
      } catch { return; }
      const bell = one("[data-bell-count]");
      if (bell && Number.isInteger(news.unread)) {
        bell.textContent = String(news.unread);
        bell.hidden = news.unread === 0;
      }
      if (news.words) toast(String(news.words));
      if (news.line) announce(news.line);
      document.dispatchEvent(new CustomEvent("live", { detail: news }));
    });
    window.addEventListener("pagehide", () => source.close());
  };

  // ------------------------------------------------------------ at the start, and in every fragment
  const dress = (root) => {
    all("[data-tick-all]", root).forEach((box) => { box.hidden = false; });
    all("form[data-bulk]", root).forEach(count);
    all("[data-count-of]", root).forEach(tell);
    all("textarea", root).forEach(grow);
  };
  settle();
  dress(document);
  drafts().forEach(restore);
  listen();
  one("[data-errors]")?.focus();
  document.addEventListener("htmx:after:swap", () => dress(document));
})();
