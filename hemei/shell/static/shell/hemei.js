// What pages do better with script. Each of them works without it.
"use strict";
(() => {
  const own = document.currentScript;
  const all = (kind, within = document) => [...within.querySelectorAll(kind)];

  // A form is sent once: a second press waits for the answer, or eight seconds when the network is silent.
  const rest = (form) => { delete form.dataset.sent; form.removeAttribute("aria-busy"); };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post") return; // a field may be called "method"
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    all("textarea", form).forEach((field) => store(field, "sent"));
    if (form.getAttribute("action")?.endsWith("/sign-out")) forget();
    setTimeout(rest, 8000, form);
  }, true);
  const restAll = () => all("form[data-sent]").forEach(rest);
  document.addEventListener("htmx:afterRequest", restAll);
  addEventListener("pageshow", restAll);

  // What was typed and not sent outlives a lost page, in this tab alone and until one signs out; what was sent goes
  // with the next fresh page. Never where somebody acts for others: the next one at the counter is somebody else.
  const keeps = !document.querySelector(".bar.acting");
  const place = (field, kind) => `${kind}:${location.pathname}:${field.name}`;
  const store = (field, kind) => {
    try { if (keeps) sessionStorage.setItem(place(field, kind), field.value); } catch { /* full, or forbidden */ }
  };
  const restore = (field) => {
    const typed = place(field, "typed"), sent = place(field, "sent");
    try {
      if (performance.getEntriesByType("navigation")[0]?.type === "navigate") {
        if (sessionStorage.getItem(sent) === sessionStorage.getItem(typed)) sessionStorage.removeItem(typed);
        sessionStorage.removeItem(sent);
      }
      if (!field.value) field.value = sessionStorage.getItem(typed) ?? "";
    } catch { /* forbidden */ }
  };
  const forget = () => { try { sessionStorage.clear(); } catch { /* forbidden */ } };
  document.addEventListener("input", ({ target }) => target.matches("textarea") && store(target, "typed"));

  // Reading aloud, where the machine has a voice for the page's language.
  const tongue = document.documentElement.lang === "en" ? "en" : "zh";
  const voice = () => window.speechSynthesis?.getVoices().find((one) => one.lang.toLowerCase().startsWith(tongue));
  const offer = () => voice() && all("[data-read]").forEach((button) => { button.hidden = false; });
  window.speechSynthesis?.addEventListener?.("voiceschanged", offer);
  const turn = (button, reads) => {
    button.dataset.start ??= button.textContent;
    button.textContent = reads && button.dataset.stop || button.dataset.start;
  };
  const read = (button) => {
    const reads = speechSynthesis.speaking;
    speechSynthesis.cancel();
    turn(button, !reads);
    if (reads) return;
    const parts = document.querySelector(button.dataset.read || "#main").innerText.split(/\n+/).filter((part) => part.trim());
    parts.forEach((part, number) => { // one breath a line: long speeches are cut off by some browsers
      const said = new SpeechSynthesisUtterance(part);
      said.voice = voice();
      said.lang = said.voice.lang;
      said.rate = 0.9;
      if (number === parts.length - 1) said.onend = () => turn(button, false);
      speechSynthesis.speak(said);
    });
  };
  addEventListener("pagehide", () => window.speechSynthesis?.cancel());

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-read], [data-print]");
    if (button?.matches("[data-read]")) read(button);
    else if (button) print();
  });

  // A whole page came where a part was asked for: a fault takes the page's place, another address is opened.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const part = detail.requestConfig.elt.closest("[hx-select]")?.getAttribute("hx-select");
    if (!part || !detail.shouldSwap || detail.xhr.getResponseHeader("HX-Retarget")) return;
    if (new DOMParser().parseFromString(detail.serverResponse, "text/html").querySelector(part)) return;
    const came = new URL(detail.xhr.responseURL);
    if (came.pathname === new URL(detail.requestConfig.path, location).pathname) {
      Object.assign(detail, { target: document.body, selectOverride: own.dataset.whole, swapOverride: "innerHTML show:top" });
    } else {
      detail.shouldSwap = false;
      location.assign(came);
    }
  });

  // After an answer to a form the keyboard goes on where the answer stands.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.requestConfig?.verb !== "post" || document.activeElement !== document.body) return;
    const part = document.getElementById(detail.target.id || "main");
    if (!part) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  });

  // Nothing went out: say so above the form, and leave everything as it was.
  const unsent = ({ target }) => {
    const told = Object.assign(document.createElement("p"), { className: "faults unsent", textContent: own.dataset.unsent });
    told.setAttribute("role", "alert");
    target.before(told);
  };
  document.addEventListener("htmx:sendError", unsent);
  document.addEventListener("htmx:timeout", unsent);
  document.addEventListener("htmx:beforeRequest", () => all(".unsent").forEach((told) => told.remove()));

  // How much of a file has been sent.
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    const shown = target.querySelector(".upload");
    if (!shown || !detail.total) return;
    shown.hidden = false;
    shown.firstElementChild.value = 100 * detail.loaded / detail.total;
  });

  // Once for the page, and for every part that htmx puts in.
  const begin = (within) => {
    if (keeps) all("textarea", within).forEach(restore);
    all("[data-print]", within).forEach((button) => { button.hidden = false; });
    offer();
    all(".faults", within)[0]?.focus();
  };
  begin(document);
  document.addEventListener("htmx:load", ({ target }) => target !== document.body && begin(target));

  // htmx comes only where a page asks for it, and after everything else is there.
  addEventListener("load", () => {
    if (!own.dataset.htmx || !document.querySelector("[hx-boost], [hx-get], [hx-post]")) return;
    const script = document.createElement("script");
    script.src = own.dataset.htmx;
    document.head.append(script);
  });
})();
