// What the pages do on top of working without scripts: sheets become modal, the
// theme can be switched, new notifications are counted, offline is said.
(() => {
  const root = document.documentElement;
  const body = document.body;

  // ---- sheets --------------------------------------------------------------
  const opened = (scope) => {
    for (const dialog of scope.querySelectorAll("dialog[data-modal][open]")) {
      dialog.close();
      dialog.showModal();
      const wrong = dialog.querySelector("[data-focus]");
      if (wrong) wrong.focus();
    }
  };
  const closeSheet = (dialog) => {
    const box = document.getElementById("lembar");
    const back = dialog.querySelector("[data-close]");
    // A sheet that is the page itself goes back to the page below it.
    if (location.pathname !== body.dataset.path || dialog.dataset.page !== undefined) {
      if (back) location.assign(back.href);
      return;
    }
    dialog.close();
    box.replaceChildren();
  };
  const isPage = document.querySelector("#lembar dialog[data-modal]") !== null;
  if (isPage) document.querySelector("#lembar dialog").dataset.page = "";
  opened(document);
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (!close || isPage) return;
    event.preventDefault();
    closeSheet(close.closest("dialog"));
  });
  document.addEventListener(
    "cancel",
    (event) => {
      if (!event.target.matches("dialog[data-modal]")) return;
      event.preventDefault();
      closeSheet(event.target);
    },
    true,
  );

  // ---- htmx ------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF-Token"] = body.dataset.csrf;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "lembar") opened(event.detail.target);
    if (event.detail.target.id === "penerima") document.getElementById("penerima").focus();
  });
  // Said where the eye is: in the open sheet, whose entries stay, else over the page.
  const fail = (text) => {
    const sheet = document.querySelector("dialog[data-modal][open] .rk-body");
    const note = document.createElement("div");
    note.className = sheet ? "rk-note late" : "rk-toast shown";
    note.setAttribute("role", "alert");
    note.textContent = text;
    note.dataset.said = "";
    for (const old of document.querySelectorAll("[role=alert][data-said]")) old.remove();
    (sheet || document.getElementById("kabar")).prepend(note);
    if (sheet) sheet.scrollTop = 0;
  };
  document.addEventListener("htmx:sendError", () =>
    fail("Belum terkirim, tidak ada sinyal. Isian Anda masih ada di halaman ini."),
  );
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 400) return;
    const answer = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    const fault = answer.querySelector("[data-fault-text]");
    const form = answer.querySelector("form");
    if (form) return;
    event.detail.shouldSwap = false;
    fail(fault ? fault.textContent : "Belum terkirim, layanan sedang terganggu. Isian Anda masih ada.");
  });

  // ---- theme, menus, toasts ----------------------------------------------------
  for (const button of document.querySelectorAll("[data-theme-toggle]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".rk-acting[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    if (!event.target.closest("[data-theme-toggle]")) return;
    const system = matchMedia("(prefers-color-scheme: dark)").matches;
    const dark = root.dataset.bsTheme ? root.dataset.bsTheme === "dark" : system;
    root.dataset.bsTheme = dark ? "light" : "dark";
    try {
      localStorage.rakatTheme = root.dataset.bsTheme;
    } catch {
      // Storage refused: the choice lasts for this page.
    }
  });
  for (const row of document.querySelectorAll(".rk-scroll")) {
    const chosen = row.querySelector("[aria-current]");
    if (chosen) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - 16;
  }
  if (matchMedia("(min-width: 992px)").matches) {
    document.querySelector("[data-autofocus]")?.focus();
    for (const fold of document.querySelectorAll("details[data-desk-open]")) fold.open = true;
  }
  const toast = document.querySelector("[data-toast]");
  const dismiss = () => {
    if (!toast.matches(":focus-within, :hover")) toast.remove();
    else setTimeout(dismiss, 3000);
  };
  if (toast) setTimeout(dismiss, 10000);
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText);
      button.querySelector("[data-said]").textContent = "Tersalin";
    });
  }

  // ---- forms that act on many, and selects that filter ------------------------
  const tally = (form) => {
    const count = form.querySelectorAll("input[type=checkbox]:checked").length;
    const words = form.querySelector("[data-tally-words]");
    words.textContent = words.dataset.tallyWords.replace("#", count);
    words.closest("button").disabled = count === 0;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
    const form = event.target.closest("form[data-tally]");
    if (form) tally(form);
  });
  for (const button of document.querySelectorAll("[data-tally-none]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of button.form.querySelectorAll("input[type=checkbox]")) box.checked = false;
      tally(button.form);
    });
  }

  // ---- a text file into the field that is sent ---------------------------------
  for (const box of document.querySelectorAll("[data-text-file]")) {
    const said = box.querySelector("[data-text-said]");
    box.hidden = false;
    box.querySelector("input[type=file]").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      if (!file) return;
      if (file.size > Number(box.dataset.textMost)) {
        said.textContent = "Lebih dari 2 MB. Ekspor rentang waktu yang lebih pendek, lalu impor tiap bagiannya.";
        return;
      }
      document.querySelector(box.dataset.textFile).value = await file.text();
      said.textContent = `${file.name} siap diperiksa.`;
    });
  }

  // ---- drafts that lie on this device go with whoever logs out -----------------------
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action='/keluar']")) return;
    try {
      const kept = Object.keys(localStorage).filter((key) => key.startsWith("rakat-konsep:"));
      for (const key of kept) localStorage.removeItem(key);
    } catch {
      // Storage refused: nothing was kept.
    }
  });

  // ---- offline -------------------------------------------------------------------
  const bar = document.querySelector("[data-offline]");
  const sync = () => {
    if (bar) bar.hidden = navigator.onLine;
  };
  addEventListener("online", sync);
  addEventListener("offline", sync);
  sync();

  // ---- live notifications ------------------------------------------------------------
  const bell = document.querySelector("[data-bell]");
  if (!bell || !window.EventSource) return;
  let fresh = 0;
  const show = (count) => {
    for (const mark of document.querySelectorAll("[data-unread]")) {
      mark.dataset.unread = count;
      mark.hidden = count === 0;
      mark.firstChild
        ? (mark.firstChild.textContent = count < 100 ? count : "99+")
        : (mark.textContent = count < 100 ? count : "99+");
    }
    bell.setAttribute(
      "aria-label",
      count ? `Pemberitahuan, ${count} belum dibaca` : "Pemberitahuan",
    );
  };
  // A button on top, so that nothing moves under the finger.
  const offer = (topic) => {
    fresh += 1;
    const what = topic.startsWith("task.") ? "surat" : "pemberitahuan";
    const box = document.getElementById("baru");
    const link = document.createElement("a");
    link.className = "btn btn-primary btn-sm rk-newbar";
    link.href = location.pathname === "/" ? "/" : "/pemberitahuan";
    link.textContent = `${fresh} ${fresh === 1 ? what : "pemberitahuan"} baru`;
    link.dataset.new = fresh;
    box.replaceChildren(link);
  };
  let place = body.dataset.watermark;
  let source;
  const listen = () => {
    source = new EventSource(
      `/api/v1/notifications/stream${place ? `?last_event_id=${place}` : ""}`,
    );
    source.addEventListener("notification", (event) => {
      place = event.lastEventId;
      const told = JSON.parse(event.data);
      if (told.read_at) return;
      show(Number(document.querySelector("[data-unread]").dataset.unread) + 1);
      offer(told.topic);
    });
    // A refusal (a service away, too many pages) ends an EventSource for good.
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    });
  };
  listen();
  addEventListener("pagehide", () => source.close());
})();
