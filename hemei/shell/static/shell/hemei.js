// What the pages can do better with script. Each of them works without.
"use strict";
(() => {
  const own = document.currentScript;
  const all = (kind, within) => [...(within || document).querySelectorAll(kind)];

  // A form is sent once: its buttons rest until the answer is here, or for eight seconds when the network is silent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const again = () => { delete form.dataset.sent; form.removeAttribute("aria-busy"); };
    form.setAttribute("aria-busy", "true");
    form.addEventListener("htmx:afterRequest", again, { once: true });
    setTimeout(again, 8000);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }));

  // What was typed and not sent outlives a lost page, in this tab alone.
  const place = (field) => "typed:" + location.pathname + ":" + field.name;
  document.addEventListener("input", ({ target }) => {
    if (target.matches("textarea[data-keep]")) sessionStorage.setItem(place(target), target.value);
  });
  const restore = (within) => all("textarea[data-keep]", within).forEach((field) => {
    if (!field.value) field.value = sessionStorage.getItem(place(field)) || "";
  });

  // Reading aloud, where the machine has a voice.
  const reading = (within) => {
    if (!("speechSynthesis" in window)) return;
    all("[data-read]", within).forEach((button) => { button.hidden = false; });
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-read]");
    if (button) {
      if (speechSynthesis.speaking) return speechSynthesis.cancel();
      const part = document.querySelector(button.dataset.read) || document.querySelector("main");
      const said = new SpeechSynthesisUtterance(part.innerText);
      said.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
      speechSynthesis.speak(said);
    }
    if (target.closest("[data-print]")) print();
  });

  // A part that asks again by itself: data-poll holds the seconds, the part is found again by its id.
  const poll = async (part) => {
    if (!part.isConnected) return;
    try {
      const answer = await fetch(part.dataset.from || location.href, { headers: { "X-Poll": "1" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = page.getElementById(part.id);
        if (next) { part.replaceWith(document.adoptNode(next)); part = next; }
      }
    } catch { /* the next time */ }
    if (part.dataset.poll) setTimeout(() => poll(part), part.dataset.poll * 1000);
  };

  const begin = (within) => {
    restore(within); reading(within);
    all("[data-print]", within).forEach((button) => { button.hidden = false; });
    all("[data-poll]", within).forEach((part) => setTimeout(() => poll(part), part.dataset.poll * 1000));
  };
  begin();

  // htmx comes only where a page asks for it, and after everything else is there.
  addEventListener("load", () => {
    if (!own.dataset.htmx || !document.querySelector("[hx-boost], [hx-get], [hx-post]")) return;
    const script = document.createElement("script");
    script.src = own.dataset.htmx;
    document.head.append(script);
  });
  document.addEventListener("htmx:load", ({ target }) => begin(target));
})();
