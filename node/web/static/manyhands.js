// Only adds: drafts on this device, a page that stays while the line is down, copying, a preview while somebody types. Every page works without it.
"use strict";

(() => {
  const DRAFT = "draft ";
  const DAY = 24 * 60 * 60 * 1000;
  // What belongs to one page or one session, and to no draft.
  const NEVER = new Set(["csrf", "form_id", "step", "then", "skip"]);

  // A browser may refuse to keep anything; then there are no drafts, and nothing of them is shown.
  const open = (name) => {
    try {
      const store = window[name];
      store.setItem("try", "1");
      store.removeItem("try");
      return store;
    } catch (refused) {
      return null;
    }
  };
  const device = open("localStorage");
  const tab = open("sessionStorage");

  const draftNames = () => Object.keys(device).filter((key) => key.startsWith(DRAFT)).map((key) => key.slice(DRAFT.length));
  const forget = (name) => device.removeItem(DRAFT + name);

  // A draft that is older than a day, or that nobody can read, is gone.
  const draftOf = (name) => {
    try {
      const draft = JSON.parse(device.getItem(DRAFT + name));
      const age = Date.now() - draft.at;
      if (age >= 0 && age < DAY && Array.isArray(draft.fields)) return draft;
    } catch (broken) {
      // Taken for none.
    }
    forget(name);
    return null;
  };

  let isLeaving = false;
  const forgetAll = () => {
    isLeaving = true;
    draftNames().forEach(forget);
    tab.clear();
  };

  // What is sent needs no draft: the page that follows says so, or the server led on to another page.
  const forgetWhatWasSent = () => {
    const sent = document.querySelector("[data-sent]");
    if (sent) forget(sent.dataset.sent);
    const name = tab.getItem("sending");
    tab.removeItem("sending");
    const visit = performance.getEntriesByType("navigation")[0];
    if (name && visit && visit.redirectCount > 0) forget(name);
  };

  const fill = (form, fields) => {
    const values = new Map();
    fields.forEach(([name, value]) => values.set(name, [...(values.get(name) || []), value]));
    values.forEach((wanted, name) => {
      const controls = [...form.elements].filter((one) => one.name === name && one.tagName !== "BUTTON");
      controls.forEach((one) => put(one, wanted));
      // What belongs to a later page travels along, as everything typed on earlier pages does.
      if (!controls.length) form.append(...wanted.map((value) => carried(name, value)));
    });
    form.dispatchEvent(new Event("input"));
  };

  const put = (control, wanted) => {
    const isTick = control.type === "checkbox" || control.type === "radio";
    if (isTick) control.checked = wanted.includes(control.value);
    else control.value = wanted[0];
    const around = control.closest("details");
    if (around && (control.checked || !isTick)) around.open = true;
  };

  const carried = (name, value) => {
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name, value });
    return hidden;
  };

  const keepDraftOf = (form) => {
    const name = form.dataset.draft;
    const left = "left " + name;
    const sealed = new Set((form.dataset.sealed || "").split(" "));
    const part = (what) => form.querySelector(`[data-${what}]`);
    const [offer, note, gone, tick] = ["offer", "note", "gone", "agree"].map(part);
    const before = draftOf(name);
    const isFresh = "fresh" in form.dataset;
    // Whoever begins anew may be somebody else, and has agreed to nothing yet.
    let agreed = Boolean(before && before.agreed && !isFresh);
    let undecided = Boolean(before && offer && isFresh);
    let waiting = 0;

    const save = () => {
      clearTimeout(waiting);
      waiting = 0;
      if (isLeaving || undecided || tab.getItem(left)) return;
      const fields = [...new FormData(form)].filter(
        ([field, value]) => value && typeof value === "string" && !NEVER.has(field) && (agreed || !sealed.has(field)),
      );
      try {
        device.setItem(DRAFT + name, JSON.stringify({ at: Date.now(), agreed, fields }));
      } catch (full) {
        forget(name);
      }
    };
    const saveSoon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(save, 300);
    };
    const saveNow = () => {
      if (waiting) save();
    };
    const decide = () => {
      undecided = false;
      if (offer) offer.hidden = true;
      const first = form.querySelector("input:not([type=hidden]), textarea, select");
      if (first) first.focus();
    };

    if (offer && undecided) offer.hidden = false;
    if (note) note.hidden = Boolean(tab.getItem(left));
    if (gone) gone.hidden = !tab.getItem(left);
    if (tick) {
      tick.closest("[hidden]").hidden = Boolean(tab.getItem(left));
      tick.checked = agreed;
      tick.addEventListener("change", () => {
        agreed = tick.checked;
        save();
      });
    }
    form.addEventListener("input", saveSoon);
    form.addEventListener("change", saveSoon);
    window.addEventListener("pagehide", saveNow);
    form.addEventListener("submit", ({ defaultPrevented }) => {
      undecided = false;
      saveNow();
      if (!defaultPrevented) tab.setItem("sending", name);
    });
    form.addEventListener("click", ({ target }) => {
      if (target.matches("[data-take]")) {
        decide();
        agreed = Boolean(before.agreed);
        fill(form, before.fields);
      } else if (target.matches("[data-forget]")) {
        forget(name);
        decide();
      } else if (target.matches("[data-leave]")) {
        clearTimeout(waiting);
        forget(name);
        tab.setItem(left, "1");
        note.hidden = true;
        gone.hidden = false;
        gone.focus();
      }
    });
  };

  // What may be kept on no device is not lost either: without a connection the page is not left, and says why.
  const stayWithoutConnection = (said) => {
    const form = said.closest("form");
    let isThere = false;
    form.addEventListener("submit", async (event) => {
      if (isThere) return;
      event.preventDefault();
      const { submitter } = event;
      try {
        await fetch(form.getAttribute("action"), { method: "HEAD", cache: "no-store", redirect: "manual" });
      } catch (offline) {
        said.hidden = false;
        said.focus();
        return;
      }
      said.hidden = true;
      isThere = true;
      form.requestSubmit(submitter);
      isThere = false;
    });
  };

  // The server says what others would see, as it does everywhere; a page that says none changes nothing here.
  const showWhileTyping = (card) => {
    const form = card.closest("form");
    const shown = card.querySelector("[data-seen]");
    let waiting = 0;
    let turn = 0;

    const look = async () => {
      const mine = ++turn;
      const body = new URLSearchParams(new FormData(form));
      if (card.dataset.step) body.set("step", card.dataset.step);
      try {
        const answer = await fetch(card.dataset.live, { method: "POST", body });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const seen = page.querySelector("[data-seen]");
        const isNew = answer.ok && seen && seen.textContent.trim() !== shown.textContent.trim();
        if (mine === turn && isNew) shown.replaceChildren(...seen.childNodes);
      } catch (offline) {
        // What was shown last stays.
      }
    };
    card.hidden = false;
    if ("filled" in card.dataset) look();
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 700);
    });
  };

  const copyOnTap = (button) => {
    const said = button.parentElement.querySelector("[data-copied]");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      said.textContent = "";
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = said.dataset.copied;
    });
  };

  // Without a connection the worker answers with one page that says what to do. What is kept is the same for everybody.
  const keep = async (addresses) => {
    const cache = await caches.open("kept");
    const here = new Map((await cache.keys()).map((one) => [one.url, one]));
    const wanted = addresses.map((address) => new URL(address, location).href);
    const missing = wanted.filter((url) => !here.has(url));
    await cache.addAll(missing);
    wanted.forEach((url) => here.delete(url));
    await Promise.all([...here.values()].map((old) => cache.delete(old)));
    if (isLeaving) await caches.delete("kept");
  };
  const { kept } = document.currentScript.dataset;
  if (kept && "serviceWorker" in navigator) {
    const registered = navigator.serviceWorker.register("/service-worker.js", { scope: "/" });
    registered.then(() => keep(kept.split(" "))).catch(() => {});
  }

  // The browser makes an address of its own for messages; the form tells it to the server.
  const tellOnThisDevice = (form) => {
    const button = form.querySelector("[data-subscribe]");
    const refused = form.querySelector("[data-refused]");
    const subscribe = async () => {
      const { pushManager } = await navigator.serviceWorker.ready;
      const before = await pushManager.getSubscription();
      if (before) await before.unsubscribe();
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: button.dataset.subscribe });
      const { endpoint, keys } = made.toJSON();
      const told = { endpoint, point: keys.p256dh, secret: keys.auth };
      Object.entries(told).forEach(([name, value]) => (form.elements[name].value = value));
      form.submit();
    };
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
    button.hidden = false;
    form.querySelector("[data-cannot]").hidden = true;
    button.addEventListener("click", async () => {
      refused.textContent = "";
      try {
        if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
        await subscribe();
      } catch (fault) {
        refused.textContent = refused.dataset.refused;
      }
    });
  };

  // Before the drafts, which have to know whether a form is on its way.
  document.querySelectorAll("[data-stays]").forEach(stayWithoutConnection);
  if (device && tab) {
    forgetWhatWasSent();
    draftNames().forEach(draftOf);
    document.querySelectorAll("form[data-draft]").forEach(keepDraftOf);
    document.querySelectorAll("a.leave").forEach((link) => link.addEventListener("click", forgetAll));
    document.querySelectorAll('form[action="/sign-out"]').forEach((form) => form.addEventListener("submit", forgetAll));
  }
  document.querySelectorAll("[data-live]").forEach(showWhileTyping);
  document.querySelectorAll("[data-copy]").forEach(copyOnTap);
  document.querySelectorAll("form[data-tell]").forEach(tellOnThisDevice);
})();
