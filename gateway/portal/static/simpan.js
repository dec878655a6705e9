// A draft is kept while it is written: the letter itself after a pause, and on this
// device whatever is not saved there yet. Nothing secret stays on the device.
(() => {
  const PAUSE = 10_000; // after the last key
  const LONGEST = 60_000; // of writing without a pause
  const AGAIN = 15_000; // after a failure
  const DAYS = 7;
  const PREFIX = "rakat-konsep:";
  const OPEN = new Set(["biasa", "terbatas"]);
  const WHY = "Belum tersimpan";

  const form = () => document.getElementById("form-konsep");
  const owner = form().dataset.orang;
  const place = `${PREFIX}${owner}:${form().dataset.tempat}`;
  let sending = null; // the save that is on its way
  let waiting = null; // timer of the next one
  let since = null; // of the first change that is not saved
  let asking = 0; // answers of htmx that will replace parts of the form
  let lost = null; // what was sent, without an answer: whether it arrived is not known
  let gone = false; // logged out
  let said = ["", false];

  // ---- what stands in the form -----------------------------------------------------
  const pairs = () => {
    const rows = [...new FormData(form())];
    return rows.filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  };
  const WRITTEN = /^(perihal|isi|isi-html|lampiran|mulai|selesai|tempat|pakaian|narahubung|kunci|versi|nama-.*|cari-.*)$/;
  const rest = () => JSON.stringify(pairs().filter(([name]) => !WRITTEN.test(name)));
  const begun = rest();
  const isOpen = () => OPEN.has(new FormData(form()).get("keamanan"));
  const version = () => Number(form().elements.versi?.value ?? 0);

  // ---- on this device --------------------------------------------------------------
  const copies = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return []; // storage refused
    }
  };
  const readCopy = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(place);
    } catch {
      // Storage refused: nothing is there.
    }
  };
  const keep = () => {
    if (gone || !isOpen()) {
      forget();
      return false;
    }
    try {
      localStorage.setItem(place, JSON.stringify({ at: Date.now(), pairs: pairs() }));
      return true;
    } catch {
      return false; // refused or full
    }
  };
  for (const key of copies()) {
    const copy = readCopy(key);
    const old = !copy || Date.now() - copy.at > DAYS * 86_400_000;
    if (old || !key.startsWith(`${PREFIX}${owner}:`)) localStorage.removeItem(key);
  }

  // ---- what is said ------------------------------------------------------------------
  const clock = (at) => {
    const moment = new Date(at);
    const two = (number) => String(number).padStart(2, "0");
    return `${two(moment.getHours())}.${two(moment.getMinutes())}`;
  };
  // Only what needs a hand is read out; a save every few seconds would never be quiet.
  const show = () => {
    const line = document.querySelector("[data-tersimpan]");
    if (!line) return;
    line.setAttribute("aria-live", said[1] ? "polite" : "off");
    line.classList.toggle("rk-danger", said[1]);
    line.textContent = said[0];
  };
  const say = (text, isWrong = false) => {
    if (said[0] === text && said[1] === isWrong) return;
    said = [text, isWrong];
    show();
  };
  const onlyHere = (why) => {
    const kept = keep();
    say(`${why} ${kept ? "Isian disimpan di perangkat ini." : "Jangan tutup halaman ini."}`, true);
  };

  // ---- to the letter -----------------------------------------------------------------
  const later = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, delay);
  };
  const save = () => {
    const to = form()?.dataset.simpan;
    if (!to || since === null || sending) return;
    if (asking > 0 || document.querySelector("dialog[open]")) {
      later(1_000);
      return;
    }
    const began = since;
    const isAgain = lost !== null;
    // Sent again as it was, so that it counts once, even if it had arrived.
    const body = (lost ??= new URLSearchParams([...pairs(), ["kirim", `${owner}-${Date.now()}`]]));
    since = null;
    say("Menyimpan …");
    sending = send(to, body, isAgain)
      .catch(() => onlyHere(`${WHY}, tidak ada sinyal.`) ?? false)
      .then((done) => {
        sending = null;
        if (done && !isAgain) return;
        since ??= began;
        if (done !== undefined) later(done ? 0 : AGAIN);
      });
  };
  // True = saved; false = tried again by itself; undefined = waits for a hand.
  const send = async (to, body, isAgain) => {
    const answer = await fetch(to, {
      method: "POST",
      headers: { "X-CSRF-Token": document.body.dataset.csrf },
      body,
      redirect: "manual",
    });
    if (answer.status < 500) lost = null;
    if (answer.type === "opaqueredirect") return void onlyHere("Sesi berakhir, masuk lagi di tab lain.");
    if (answer.status === 409) return void clash(await answer.text());
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      form().elements.versi.value = told.versi;
      if (rest() === begun && since === null && !isAgain) forget();
      else keep(); // newer words; offices and marks, which are saved by hand
      say(`Tersimpan ${told.pukul}`);
      return true;
    }
    onlyHere(told.kenapa || `${WHY}, layanan sedang terganggu.`);
    return answer.status >= 500 ? false : undefined;
  };
  const clash = (html) => {
    onlyHere(`${WHY}, naskah sudah diubah.`);
    const box = document.getElementById("lembar");
    box.innerHTML = html;
    const sheet = box.querySelector("dialog");
    sheet.close();
    sheet.showModal();
  };

  // ---- when ----------------------------------------------------------------------------
  const changed = () => {
    since ??= Date.now();
    clearTimeout(changed.timer);
    changed.timer = setTimeout(() => {
      if (form()?.dataset.simpan) keep();
      else unsent();
    }, 1_000);
    if (form()?.dataset.simpan) later(Date.now() - since > LONGEST ? 0 : PAUSE);
  };
  // A letter that is none yet lies on this device until its first saving.
  const unsent = () => {
    if (keep()) say(`${WHY} sebagai konsep. Isian disimpan di perangkat ini, ${clock(Date.now())}`);
    else say(`${WHY}. ${isOpen() ? "" : "Surat rahasia tidak disimpan di perangkat. "}Simpan konsepnya.`, true);
  };
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      if (event.target.closest?.("#form-konsep") && event.target.type !== "search") changed();
    });
  }
  const hurry = () => {
    if (since === null || !form()) return;
    keep();
    later(0);
  };
  document.addEventListener("submit", (event) => {
    gone ||= event.target.matches("form[action='/keluar']");
  });
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => document.hidden && hurry());
  addEventListener("pagehide", () => since !== null && form() && keep());

  // ---- beside htmx: never two that change the letter at once ---------------------------
  document.addEventListener("htmx:confirm", (event) => {
    if (!sending || !event.target.closest("#form-konsep")) return;
    event.preventDefault();
    sending.then(() => event.detail.issueRequest(true));
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("#form-konsep")) asking += 1;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    asking = Math.max(0, asking - 1);
    if (event.detail.xhr?.getResponseHeader("HX-Redirect")) {
      since = null;
      forget();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.target.closest("#form-konsep, [data-konsep]")) return;
    show();
    if (event.detail.target.id !== "form-konsep") changed();
  });

  // ---- choices -------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const mine = event.target.closest("dialog [data-mine]");
    if (mine) {
      event.preventDefault();
      form().elements.versi.value = mine.dataset.mine;
      document.getElementById("lembar").replaceChildren();
      hurry();
    } else if (event.target.closest("[data-theirs], [data-batal], [data-buang]")) {
      since = null;
      clearTimeout(changed.timer);
      forget();
      if (event.target.closest("[data-buang]")) location.reload();
    }
  });

  // ---- what was kept ---------------------------------------------------------------------
  const restore = (copy) => {
    const values = {};
    for (const [name, value] of copy.pairs) (values[name] ??= []).push(value);
    for (const [name] of pairs()) values[name] ??= ""; // what was taken off stays off
    values.aksi = "ubah";
    since = copy.at;
    const swap = { source: form(), target: "#form-konsep", swap: "outerHTML", values };
    htmx.ajax("POST", form().action, swap).then(() => {
      if (form().dataset.simpan) later(PAUSE);
      else unsent();
    });
  };
  const kept = readCopy(place);
  const same = () => JSON.stringify(kept.pairs.filter(differs)) === JSON.stringify(pairs().filter(differs));
  const differs = ([name]) => !["kunci", "versi", "paraf-usul", "isi"].includes(name);
  addEventListener("DOMContentLoaded", () => {
    if (!kept || same()) return;
    const note = document.querySelector("[data-pulih]");
    const base = Number(new Map(kept.pairs).get("versi") ?? 0);
    const isFresh = base === version();
    note.querySelector(isFresh ? "[data-pulih-sudah]" : "[data-pulih-tawar]").hidden = false;
    for (const time of note.querySelectorAll("time")) time.textContent = clock(kept.at);
    note.querySelector("[data-pulihkan]").hidden = isFresh;
    note.querySelector("[data-pulihkan]").addEventListener("click", () => {
      note.hidden = true;
      restore(kept);
    });
    note.hidden = false;
    if (isFresh) restore(kept);
  });
})();
