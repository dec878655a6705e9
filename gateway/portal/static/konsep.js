// The form of an outgoing letter: an editor over the plain field.
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
