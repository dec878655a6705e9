// Compares a chosen file with the hash of the issued one; the file stays on this device.
(() => {
  "use strict";
  const input = document.getElementById("berkas");
  const result = document.getElementById("hasil");
  const label = document.querySelector("[data-label]");
  const subtle = globalThis.crypto?.subtle;
  if (!input || !result || !subtle) return; // without https a browser computes nothing

  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

  function show(name) {
    const shown = document.getElementById(name).content.cloneNode(true);
    result.replaceChildren(shown);
    result.hidden = false;
  }

  async function verdict(file) {
    const sum = hex(await subtle.digest("SHA-256", await file.arrayBuffer()));
    if (sum === input.dataset.sha256) return "t-sama";
    return sum === input.dataset.scan ? "t-pindaian" : "t-beda";
  }

  async function compare() {
    const file = input.files[0];
    if (!file) return;
    label.textContent = file.name;
    result.hidden = true;
    try {
      show(await verdict(file));
    } catch {
      show("t-gagal");
    }
    input.value = ""; // so that choosing the same file again compares again
  }

  input.disabled = false;
  input.addEventListener("change", compare);
})();
