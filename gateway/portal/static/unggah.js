// Files of a form (a draft, a report, a scan): each goes up by itself when it is
// chosen, and the form carries its id. Without scripts they come in the form.
(() => {
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
    box.dataset.busy = "";
    for (const file of hasMany(box) ? [...files] : [...files].slice(0, 1)) {
      const why = await upload(box, file);
      if (why) wrong.push(why);
    }
    delete box.dataset.busy;
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
    box.querySelector("[data-upload-status]").textContent = "Berkas dihapus.";
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
  // A form must not go without the file that is still on its way.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const box = event.detail.elt.matches("form") && event.detail.elt.querySelector("[data-busy]");
    if (!box) return;
    event.preventDefault();
    const status = box.querySelector("[data-upload-status]");
    status.textContent = "Berkas masih diunggah. Kirim lagi setelah selesai.";
    status.classList.add("rk-danger");
    box.focus();
  });
})();
