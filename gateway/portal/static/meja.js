// The registrar's queue: each file is sent by itself with its own progress, so that
// one bad file never stops the others. Saving replaces the form, the queue stays.
(() => {
  const input = document.querySelector("[data-files]");
  const drop = document.querySelector("[data-drop]");
  const list = document.querySelector("[data-queue]");
  const template = document.querySelector("[data-queue-row]");
  const status = document.querySelector("[data-queue-status]");
  const total = document.querySelector("[data-queue-progress]");
  const count = document.querySelector("[data-queue-count]");
  const preview = document.querySelector("[data-preview-box]");
  const AT_ONCE = 2;
  const rows = [];
  let byHand = false;
  let held = null; // a save that waits for the scan it goes with

  const REFUSED = {
    too_large: "Lebih dari 25 MB. Pindai dengan mutu sedang.",
    unsupported_media_type: "Jenis berkas tidak diterima. Kirim PDF, PNG, atau JPEG.",
    unreadable_file: "Terkunci kata sandi atau rusak. Minta berkas tanpa kunci, atau pindai ulang.",
    unauthenticated: "Sesi berakhir. Masuk lagi, lalu unggah ulang.",
  };

  const summary = () => {
    const done = rows.filter((row) => row.state !== "waiting" && row.state !== "sending");
    const good = rows.filter((row) => row.fileId);
    count.textContent = rows.length ? `${rows.length} berkas` : "";
    const words = rows.length ? `${good.length} dari ${rows.length} terunggah` : "";
    status.textContent = held ? `${words}. Surat disimpan begitu berkasnya terunggah.` : words;
    total.hidden = done.length === rows.length;
    total.max = rows.length || 1;
    total.value = rows.reduce((sum, row) => sum + row.part, 0);
  };

  const say = (row, state, text) => {
    row.state = state;
    row.text.textContent = text;
    row.text.classList.toggle("rk-danger", state === "refused");
    row.bar.hidden = state !== "sending";
    summary();
  };

  const next = () => {
    const sending = rows.filter((row) => row.state === "sending").length;
    for (const row of rows.filter((each) => each.state === "waiting").slice(0, AT_ONCE - sending)) {
      send(row);
    }
  };

  const send = (row) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/files");
    request.setRequestHeader("Content-Type", row.file.type || "application/octet-stream");
    request.setRequestHeader("X-Filename", encodeURIComponent(row.file.name));
    request.setRequestHeader("X-CSRF-Token", document.body.dataset.csrf);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      row.part = event.loaded / event.total;
      row.bar.value = Math.round(row.part * 100);
      say(row, "sending", `${Math.round(row.part * 100)}% terunggah`);
    });
    request.addEventListener("load", () => finish(row, request));
    request.addEventListener("error", () => retry(row));
    say(row, "sending", "0% terunggah");
    request.send(row.file);
  };

  const finish = (row, request) => {
    row.part = 1;
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // Not an answer of ours: the general words below do.
    }
    if (request.status === 201) {
      row.fileId = answer.file_id;
      row.box.value = answer.file_id;
      row.box.disabled = false;
      say(row, "ready", answer.page_count ? `Siap dicatat, ${answer.page_count} halaman` : "Siap dicatat");
    } else {
      say(row, "refused", REFUSED[answer.code] || "Belum terunggah. Pilih berkasnya lagi.");
    }
    pick();
    release(row);
    next();
  };

  const retry = (row) => {
    row.part = 0;
    say(row, "refused", "Terputus. Pilih berkasnya lagi.");
    pick();
    release(row);
    next();
  };

  // The head of the queue goes with the form, not whichever upload ends first: a later
  // scan that overtakes it must not be saved with this letter. A hand that has chosen,
  // or has chosen nothing, is left alone until the letter is saved.
  const isOpen = () => !byHand && !rows.some((row) => row.box.checked);
  const head = () => rows.find((row) => row.state !== "refused" && row.state !== "done");
  const pick = () => {
    if (isOpen() && head()?.state === "ready") choose(head());
  };

  // Saved before its scan is up, a letter would stay without it, and the next letter
  // would get it. A scan that is refused drops the save: the form is still there.
  const hold = (event) => {
    if (event.target.id !== "form-surat" || !isOpen()) return;
    if (!head() || head().state === "ready") return;
    event.preventDefault();
    held = { row: head(), save: () => event.detail.issueRequest(true) };
    summary();
  };
  const release = (row) => {
    if (held?.row !== row) return;
    const { save } = held;
    held = null;
    summary();
    if (row.state === "ready") save();
  };

  const choose = (row) => {
    row.box.checked = true;
    mark();
    show(row);
  };

  const mark = () => {
    for (const row of rows) row.item.classList.toggle("sel", row.box.checked);
  };

  const show = (row) => {
    if (!preview || !matchMedia("(min-width: 1200px)").matches) return;
    row.url ??= URL.createObjectURL(row.file);
    const isImage = row.file.type.startsWith("image/");
    const view = document.createElement(isImage ? "img" : "iframe");
    view.src = row.url;
    if (isImage) view.alt = `Pratinjau ${row.file.name}`;
    else view.title = `Pratinjau ${row.file.name}`;
    preview.replaceChildren(view);
  };

  const add = (files) => {
    for (const file of files) {
      const item = template.content.firstElementChild.cloneNode(true);
      const row = {
        file,
        item,
        box: item.querySelector("input"),
        bar: item.querySelector("progress"),
        text: item.querySelector("[data-state]"),
        part: 0,
        state: "waiting",
        fileId: null,
      };
      item.querySelector("[data-name]").textContent = file.name;
      row.bar.setAttribute("aria-label", `Mengunggah ${file.name}`);
      row.box.addEventListener("change", () => {
        byHand = true;
        mark();
        if (row.box.checked) show(row);
      });
      rows.push(row);
      list.append(item);
      say(row, "waiting", "Menunggu giliran");
    }
    next();
  };

  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
  });

  document.body.addEventListener("surat-tercatat", (event) => {
    const told = event.detail;
    for (const row of rows.filter((each) => told.files.includes(each.fileId))) {
      row.box.checked = false;
      row.box.disabled = true;
      say(row, "done", `${told.agenda_number} tercatat`);
    }
    byHand = false;
    mark();
    pick();
    document.getElementById("pengirim").focus();
  });
  document.addEventListener("htmx:confirm", hold);
  document.addEventListener("htmx:afterSwap", () => {
    // The queue holds the files itself; the server's echo of them is not needed.
    for (const kept of document.querySelectorAll("[data-kept-file]")) kept.remove();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    document.getElementById("form-surat").requestSubmit();
  });
})();
