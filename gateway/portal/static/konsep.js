// The form of an outgoing letter: an editor over the plain field, and uploads.
// Without scripts the field below takes the same text; see writing.py.
(() => {
  const COMMANDS = ["bold", "italic", "insertUnorderedList", "insertOrderedList"];
  const KEPT = new Set("P BR B STRONG I EM UL OL LI TABLE TBODY TR TH TD DIV".split(" "));

  // ---- the editor ------------------------------------------------------------
  const edit = (box) => {
    if (!box || "ready" in box.dataset) return;
    box.dataset.ready = "";
    const field = box.querySelector("textarea");
    const page = box.querySelector("[data-naskah]");
    const tools = box.querySelector("[data-tools]");
    const label = box.querySelector("label");
    page.append(box.querySelector("[data-html]").content.cloneNode(true));
    if (!page.firstChild) page.append(emptyParagraph());
    for (const [name, value] of [
      ["contenteditable", "true"],
      ["role", "textbox"],
      ["aria-multiline", "true"],
      ["aria-labelledby", label.id],
      ["tabindex", "0"],
    ]) {
      page.setAttribute(name, value);
    }
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (field.hasAttribute(name)) page.setAttribute(name, field.getAttribute(name));
    }
    // Links of error messages lead to what can be seen.
    field.id = "naskah-teks";
    page.id = "naskah";
    field.hidden = true;
    page.hidden = tools.hidden = false;
    document.execCommand("defaultParagraphSeparator", false, "p");

    const held = document.createElement("input");
    held.type = "hidden";
    held.name = "isi-html";
    field.after(held);
    const keep = () => {
      held.value = page.innerHTML;
    };
    keep();
    page.addEventListener("input", keep);
    page.addEventListener("blur", keep);
    page.addEventListener("paste", (event) => {
      const html = event.clipboardData.getData("text/html");
      const text = event.clipboardData.getData("text/plain");
      event.preventDefault();
      if (html) document.execCommand("insertHTML", false, plain(html));
      else document.execCommand("insertText", false, text);
    });
    page.addEventListener("drop", (event) => event.preventDefault());
    tools.addEventListener("mousedown", (event) => event.preventDefault());
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-command]");
      if (!button) return;
      page.focus();
      run(button.dataset.command, page);
      keep();
      show();
    });
    const show = () => {
      for (const button of tools.querySelectorAll("[aria-pressed]")) {
        button.setAttribute("aria-pressed", document.queryCommandState(button.dataset.command));
      }
    };
    document.addEventListener("selectionchange", () => {
      if (page.contains(getSelection().anchorNode)) show();
    });
  };

  const emptyParagraph = () => {
    const line = document.createElement("p");
    line.append(document.createElement("br"));
    return line;
  };

  const run = (command, page) => {
    if (COMMANDS.includes(command)) document.execCommand(command);
    else if (command === "table") insertTable(page);
    else leaveList();
    unwrapLists(page);
  };

  const leaveList = () => {
    for (const list of ["insertUnorderedList", "insertOrderedList"]) {
      if (document.queryCommandState(list)) document.execCommand(list);
    }
    document.execCommand("removeFormat");
    document.execCommand("formatBlock", false, "p");
  };

  // Chromium makes a list inside the paragraph it was asked for in.
  const unwrapLists = (page) => {
    const { anchorNode, anchorOffset } = getSelection();
    let moved = false;
    for (const list of page.querySelectorAll("p > ol, p > ul")) {
      list.parentNode.replaceWith(...list.parentNode.childNodes);
      moved = true;
    }
    if (moved && page.contains(anchorNode)) getSelection().collapse(anchorNode, anchorOffset);
  };

  // After the block the hand is in, never inside it.
  const insertTable = (page) => {
    const table = document.createElement("table");
    const rows = [["th", "Uraian", "Keterangan"], ["td", "", ""], ["td", "", ""]];
    for (const [tag, ...words] of rows) {
      const row = (table.tBodies[0] ?? table.createTBody()).insertRow();
      for (const text of words) {
        const cell = document.createElement(tag);
        cell.append(text || document.createElement("br"));
        row.append(cell);
      }
    }
    let block = getSelection().anchorNode;
    while (block && block.parentNode !== page) block = block.parentNode;
    if (block) block.after(table);
    else page.append(table);
    if (!table.nextElementSibling) table.after(emptyParagraph());
    getSelection().collapse(table.rows[1].cells[0], 0);
  };

  // What is pasted keeps its words, lists and tables, and nothing of its looks.
  const plain = (html) => {
    const source = new DOMParser().parseFromString(html, "text/html").body;
    for (const gone of source.querySelectorAll("script,style,template,meta,link,title")) gone.remove();
    for (const node of [...source.querySelectorAll("*")].reverse()) {
      for (const { name } of [...node.attributes]) node.removeAttribute(name);
      if (!KEPT.has(node.tagName)) node.replaceWith(...node.childNodes);
    }
    return source.innerHTML;
  };

  // ---- files ------------------------------------------------------------------
  const REFUSED = {
    too_large: "Lebih dari 25 MB. Simpan dengan mutu sedang.",
    unsupported_media_type: "Jenis berkas tidak diterima. Kirim PDF.",
    unreadable_file: "Terkunci kata sandi atau rusak. Simpan ulang tanpa kunci.",
    unauthenticated: "Sesi berakhir. Masuk lagi di tab lain, lalu pilih berkasnya lagi.",
  };

  // Ends with what was wrong, in words; with none when the file is there.
  const upload = (box, file) => new Promise((done) => send(box, file, done));

  const send = (box, file, done) => {
    const bar = box.querySelector("[data-upload-progress]");
    const status = box.querySelector("[data-upload-status]");
    const say = (text, isWrong = false) => {
      status.textContent = text;
      status.classList.toggle("rk-danger", isWrong);
      bar.hidden = isWrong || !text.endsWith("% terunggah");
    };
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/files");
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("X-Filename", encodeURIComponent(file.name));
    request.setRequestHeader("X-CSRF-Token", document.body.dataset.csrf);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.round((event.loaded / event.total) * 100);
      say(`${bar.value}% terunggah`);
    });
    const refuse = (why) => {
      say(hasMany(box) ? `${file.name}: ${why}` : why, true);
      done(status.textContent);
    };
    request.addEventListener("error", () => refuse("Terputus. Pilih berkasnya lagi."));
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // Not an answer of ours: the general words below do.
      }
      if (request.status !== 201) {
        refuse(REFUSED[answer.code] || "Belum terunggah. Pilih berkasnya lagi.");
        return;
      }
      add(box, answer);
      say(answer.page_count ? `Terunggah, ${answer.page_count} halaman` : "Terunggah");
      done("");
    });
    say("0% terunggah");
    request.send(file);
  };

  const add = (box, answer) => {
    const row = box.querySelector("[data-uploaded-row]").content.firstElementChild.cloneNode(true);
    const [id, name] = row.querySelectorAll("input");
    id.value = answer.file_id;
    name.name = `nama-${answer.file_id}`;
    name.value = answer.filename;
    row.querySelector("[data-name]").textContent = answer.filename;
    const drop = row.querySelector("[data-drop-file]");
    drop.setAttribute("aria-label", `Hapus berkas ${answer.filename}`);
    drop.value = `lepas:${answer.file_id}`;
    const list = box.querySelector("[data-uploaded]");
    if (hasMany(box)) list.append(row);
    else list.replaceChildren(row); // one letter, one file
    counted(box);
  };

  const hasMany = (box) => box.dataset.unggah === "banyak";
  const counted = (box) => {
    const none = box.querySelector("[data-none]");
    if (none) none.hidden = box.querySelector("[data-uploaded]").childElementCount > 0;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // One after another: what was refused stays said, and the order is the chosen one.
  const uploadAll = async (box, files) => {
    const wrong = [];
    for (const file of hasMany(box) ? [...files] : [...files].slice(0, 1)) {
      const why = await upload(box, file);
      if (why) wrong.push(why);
    }
    const status = box.querySelector("[data-upload-status]");
    if (wrong.length > 0) status.textContent = wrong.join(" ");
    status.classList.toggle("rk-danger", wrong.length > 0);
  };

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-unggah] [data-file]")) return;
    const files = [...event.target.files];
    event.target.value = "";
    uploadAll(event.target.closest("[data-unggah]"), files);
  });
  document.addEventListener("click", (event) => {
    const gone = event.target.closest("[data-drop-file]");
    if (!gone) return;
    event.preventDefault();
    const box = gone.closest("[data-unggah]");
    gone.closest("li").remove();
    counted(box);
    box.querySelector("[data-upload-status]").textContent = "Berkas dihapus dari surat.";
    box.querySelector("[data-file]").focus();
  });
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      const box = event.target.closest?.("[data-unggah]");
      if (!box) return;
      event.preventDefault();
      if (name === "drop") uploadAll(box, event.dataTransfer.files);
    });
  }

  // ---- the form --------------------------------------------------------------------
  const start = () => edit(document.querySelector("[data-editor]"));
  start();
  let pressed = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    pressed = { id: elt.id, field: elt.closest?.("fieldset")?.id };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.closest("[data-konsep]") || event.detail.target.matches?.("[data-konsep]")) start();
    const wrong = document.querySelector("[data-konsep] > [data-focus]");
    if (event.detail.target.id === "form-konsep" && wrong) wrong.focus();
  });
  // What was pressed may be gone, or at the end of its row: the hand stays near it.
  document.addEventListener("htmx:afterSettle", () => {
    const field = pressed?.field && document.getElementById(pressed.field);
    const here = document.activeElement;
    if (field && (here === document.body || here === field || here.disabled)) {
      const other = pressed.id.replace(/^(naik|turun)-/, (_, way) => (way === "naik" ? "turun-" : "naik-"));
      const beside = other !== pressed.id && document.getElementById(other);
      (beside || field.querySelector("[type=search]") || field).focus();
    }
    pressed = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-konsep] input")) return;
    event.preventDefault(); // a line is not the letter
  });
})();
