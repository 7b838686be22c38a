"use strict";
// Shortcuts, live fragments, choosing rows. Every page works without this file.
(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const keys = document.getElementById("keys");

  // fragments that the server makes again and again
  const refresh = async (place) => {
    if (document.hidden || place.contains(document.activeElement) && document.activeElement.matches("input, select")) return;
    try {
      const answer = await fetch(place.dataset.live, { credentials: "same-origin", redirect: "error" });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) return;
      const focused = place.contains(document.activeElement);
      place.innerHTML = await answer.text();
      if (focused) document.getElementById("main").focus({ preventScroll: true });
    } catch { /* the hub is away: the page stays as it was */ }
  };
  for (const place of all("[data-live]")) {
    const wanted = place.dataset.while?.split(" ");
    const again = async () => {
      const state = place.querySelector("[data-state]")?.dataset.state;
      if (wanted && !wanted.includes(state)) return place.dataset.moved ? location.reload() : undefined;
      place.dataset.moved = "yes";
      await refresh(place);
      setTimeout(again, Number(place.dataset.every));
    };
    setTimeout(again, Number(place.dataset.every));
  }

  // rows: j, k, Enter, x
  const rows = () => all("[data-row]");
  let at = -1;
  const go = (step) => {
    const found = rows();
    if (!found.length) return;
    found[at]?.classList.remove("here");
    at = Math.max(0, Math.min(found.length - 1, at + step));
    found[at].classList.add("here");
    found[at].querySelector("a")?.focus();
    found[at].scrollIntoView({ block: "nearest" });
  };

  let pending = false;
  const shortcuts = {
    j: () => go(1),
    k: () => go(-1),
    x: () => rows()[at]?.querySelector("input[type=checkbox]")?.click(),
    n: () => document.querySelector("a[rel=next]")?.click(),
    "/": () => document.getElementById("find").focus(),
    "?": () => keys.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys?.open) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (pending) {
      pending = false;
      const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (event.key === "g") { pending = true; setTimeout(() => { pending = false; }, 1500); return; }
    const does = shortcuts[event.key];
    if (does) { event.preventDefault(); does(); }
  });
  for (const button of all("[data-keys]")) button.addEventListener("click", () => keys.showModal());

  for (const box of all("[data-all]")) {
    box.addEventListener("change", () => all("input[name=letter]", box.closest("form")).forEach((one) => { one.checked = box.checked; }));
  }

  // a button that wants words typed first
  for (const input of all("[data-typed]")) {
    const check = () => input.setCustomValidity(input.value.trim() === input.dataset.typed ? "" : input.dataset.typed);
    input.addEventListener("input", check);
    check();
  }

  // how long revealed fields stay open
  for (const time of all("[data-until]")) {
    const end = Date.parse(time.dataset.until);
    const tick = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      time.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    };
    tick();
    setInterval(tick, 1000);
  }
})();
