// Comfort only: every page works without this file.
(() => {
  "use strict";

  // A refused form: the reader starts at what is wrong.
  function focusErrors(root) {
    const summary = root.querySelector("#errors, .errors[role=alert]");
    if (summary) summary.focus();
  }

  // A second click on a form that is on its way does nothing. The server refuses a second act anyway; buttons stay
  // enabled so that the name and value of the one that was pressed are sent.
  function guardDoubleSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  }

  // Coming back with the browser's Back button makes the form usable again.
  function release() {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  }

  // Back to a form that was sent: it is still the same form, with the same one-time token, so sending it again does nothing twice.
  function keepTokens() {
    const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    const tokens = back ? (history.state?.tokens ?? {}) : {};
    for (const form of document.querySelectorAll("form[method=post][id]")) {
      const field = form.elements.namedItem("_token");
      if (!field) continue;
      if (tokens[form.id]) field.value = tokens[form.id];
      else tokens[form.id] = field.value;
    }
    history.replaceState({ ...history.state, tokens }, "");
  }

  // j and k go through the rows of a table marked data-keys, Enter opens the row's first link.
  function walkRows(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
    const step = { j: 1, k: -1 }[event.key];
    const table = document.querySelector("table[data-keys]");
    if (!step || !table) return;
    const links = [...table.querySelectorAll("tbody tr")].map((row) => row.querySelector("a[href]")).filter(Boolean);
    const now = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    const next = links[Math.min(links.length - 1, Math.max(0, now + step))];
    if (next) {
      next.focus();
      next.closest("tr").scrollIntoView({ block: "nearest" });
      event.preventDefault();
    }
  }

  // An open menu closes on Escape and on a click elsewhere.
  function closeMenus(event) {
    for (const menu of document.querySelectorAll("details.me[open]")) {
      if (event.type === "keydown" && event.key === "Escape") {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (event.type === "click" && !menu.contains(event.target)) menu.open = false;
    }
  }

  document.addEventListener("submit", guardDoubleSubmit);
  window.addEventListener("pageshow", release);
  document.addEventListener("keydown", walkRows);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("click", closeMenus);
  document.addEventListener("htmx:after:swap", () => focusErrors(document));
  document.addEventListener("DOMContentLoaded", () => {
    keepTokens();
    focusErrors(document);
  });
})();
