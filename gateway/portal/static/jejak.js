// Checks an exported trail on this device, as docs/trail.md describes it: the chain of
// seals, the head, the way up to the day's root, and the signature of that day.
(() => {
  "use strict";
  const ORIGIN = "0".repeat(64);
  const input = document.getElementById("berkas-jejak");
  const result = document.getElementById("hasil");
  const subtle = globalThis.crypto?.subtle;
  const encode = (text) => new TextEncoder().encode(text);
  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const bytesOf = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const base64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const sha256 = async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes));
  const join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };

  // JSON without spaces, the members of objects in the order of their names.
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value !== null && typeof value === "object") {
      const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
      return `{${members.join(",")}}`;
    }
    return JSON.stringify(value ?? null);
  }

  // The instant in UTC with six digits; a Date knows three, so they are carried over.
  function utc(text) {
    const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
    if (!found) throw new TypeError("at");
    const whole = new Date(found[1] + found[3]).toISOString().slice(0, 19);
    return `${whole}.${(found[2] ?? "").padEnd(6, "0")}+00:00`;
  }

  async function sealOf(line, letterId) {
    const content = [line.prev_hash, letterId, line.seq, utc(line.at), line.action, line.actor, line.task_id, line.detail];
    return hex(await sha256(encode(canonical(content))));
  }

  // The number of the first line that does not hold, or null.
  async function firstBroken(trail) {
    let previous = ORIGIN;
    let expected = 1;
    for (const line of trail.items) {
      if (line.seq !== expected || line.prev_hash !== previous) return expected;
      if ((await sealOf(line, trail.letter_id)) !== line.hash) return expected;
      previous = line.hash;
      expected += 1;
    }
    const last = trail.items.length;
    if (trail.head.seq > last) return last + 1;
    return trail.head.seq === last && (trail.head.hash || ORIGIN) === previous ? null : Math.max(last, 1);
  }

  async function climbs(trail) {
    const { seq, hash, steps, digest } = trail.anchor;
    if (trail.items[seq - 1]?.hash !== hash) return false;
    let node = await sha256(join([0], encode(`${trail.letter_id} ${seq} ${hash}`)));
    for (const step of steps) {
      const other = bytesOf(step.hash);
      node = await sha256(step.side === "left" ? join([1], other, node) : join([1], node, other));
    }
    return hex(node) === digest.root;
  }

  const signedText = (d) => `rakat-trail-digest-v1\n${d.day}\n${d.letters}\n${d.root}\n${d.previous}\n`;

  // true, false, or null where this browser knows no Ed25519.
  async function isSigned(digest) {
    const id = hex(await sha256(base64(digest.public_key))).slice(0, 16);
    if (id !== digest.key_id) return false;
    let key;
    try {
      key = await subtle.importKey("raw", base64(digest.public_key), { name: "Ed25519" }, false, ["verify"]);
    } catch {
      return null;
    }
    return subtle.verify({ name: "Ed25519" }, key, base64(digest.signature), encode(signedText(digest)));
  }

  // What this address says of that day: true same, false other, null cannot be asked.
  async function isPublished(digest) {
    let answer;
    try {
      answer = await fetch(`/api/v1/trail-digests/${encodeURIComponent(digest.day)}`, { credentials: "omit" });
    } catch {
      return null;
    }
    if (answer.status === 404) return false;
    if (!answer.ok) return null;
    const known = await answer.json();
    return ["day", "letters", "root", "previous", "signature", "public_key"].every((name) => known[name] === digest[name]);
  }

  // ---- words ----------------------------------------------------------------------

  const zone = { timeZone: "Asia/Makassar" };
  const moment = (text) => `${new Intl.DateTimeFormat("id-ID", { ...zone, dateStyle: "long", timeStyle: "short" }).format(new Date(text))} WITA`;
  const day = (text) => new Intl.DateTimeFormat("id-ID", { timeZone: "UTC", dateStyle: "full" }).format(new Date(`${text}T00:00:00Z`));

  function note(kind, title, text) {
    const shown = document.getElementById(kind).content.cloneNode(true);
    const head = document.createElement("h2");
    const body = document.createElement("p");
    head.textContent = title;
    body.textContent = text;
    shown.querySelector("[data-words]").append(head, body);
    return shown;
  }

  function facts(rows) {
    const shown = document.getElementById("t-fakta").content.cloneNode(true);
    const list = shown.querySelector("[data-facts]");
    for (const [name, value, mono] of rows) {
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      term.textContent = name;
      text.textContent = value;
      if (mono) text.className = "rk-mono";
      list.append(term, text);
    }
    return shown;
  }

  function aboutTrail(trail) {
    const rows = [["Nomor agenda", trail.agenda_number ?? "belum ada"], ["Baris", String(trail.items.length)]];
    if (trail.items.length) {
      rows.push(["Baris pertama", moment(trail.items[0].at)]);
      rows.push(["Baris terakhir", moment(trail.items.at(-1).at)]);
    }
    rows.push(["Segel terakhir", (trail.head.hash.match(/.{4}/g) ?? []).join(" "), true]);
    return rows;
  }

  async function aboutDigest(trail) {
    if (!trail.anchor) {
      const title = "Segel cocok, belum bertanda tangan";
      return [note("t-tanya", title, "Ringkasan harian yang mengikat jejak ini belum dibuat. Unduh lagi besok untuk pembuktian bertanda tangan.")];
    }
    const { seq, digest } = trail.anchor;
    const broken = (text) => [note("t-rusak", "Ringkasan harian tidak cocok", text)];
    if (!(await climbs(trail))) return broken(`Jejak ini tidak termasuk dalam ringkasan ${day(digest.day)}. Jangan dipakai; minta berkas baru.`);
    const signed = await isSigned(digest);
    if (signed === false) return broken("Tanda tangan ringkasan harian tidak sah. Jangan dipakai; minta berkas baru.");
    const published = await isPublished(digest);
    if (published === false) return broken(`Ringkasan ${day(digest.day)} berbeda dengan yang diumumkan di alamat ini. Jangan dipakai.`);
    const rest = seq < trail.items.length ? ` Baris ${seq + 1} dan sesudahnya terikat pada ringkasan berikutnya.` : "";
    const rows = [["Terikat", `baris 1–${seq}, ${day(digest.day)}`]];
    rows.push(["Tanda tangan", signed === null ? "tidak dapat diperiksa di peramban ini" : "sah"]);
    rows.push(["Diumumkan", published === null ? "tidak dapat ditanyakan sekarang" : "sama dengan di alamat ini"]);
    rows.push(["Sidik kunci", (digest.key_id.match(/.{4}/g) ?? []).join(" "), true]);
    const sure = signed && published;
    const text = sure
      ? `Sampai baris ${seq}, jejak ini sama dengan yang ditandatangani pada ringkasan ${day(digest.day)}.${rest}`
      : `Segel cocok dan menuju ringkasan ${day(digest.day)}, tetapi tidak semua dapat diperiksa di sini.${rest}`;
    return [note(sure ? "t-utuh" : "t-tanya", sure ? "Jejak asli dan utuh" : "Segel cocok", text), facts(rows)];
  }

  function isTrail(trail) {
    const text = (value) => typeof value === "string";
    return (
      trail !== null && typeof trail === "object" && text(trail.letter_id) && Array.isArray(trail.items) &&
      Number.isInteger(trail.head?.seq) && text(trail.head?.hash) &&
      trail.items.every((one) => Number.isInteger(one?.seq) && text(one.at) && text(one.action) && text(one.prev_hash) && text(one.hash))
    );
  }

  async function check(file) {
    let trail;
    try {
      trail = JSON.parse(await file.text());
    } catch {
      trail = null;
    }
    if (!isTrail(trail)) {
      return [note("t-tanya", "Ini bukan berkas jejak", "Pilih berkas .json yang diunduh dari halaman Jejak sebuah surat.")];
    }
    let broken;
    try {
      broken = await firstBroken(trail);
    } catch {
      return [note("t-rusak", "Berkas rusak", "Sebagian isinya tidak terbaca sebagai jejak. Minta berkas baru kepada pengirim.")];
    }
    if (broken !== null) {
      const kept = broken > 2 ? `1–${broken - 1}` : "1";
      const before = broken > 1 ? ` Baris ${kept} masih cocok.` : "";
      const text = `Baris ini berubah, hilang, tertukar, atau disisipkan sesudah disegel.${before} Jangan dipakai; minta berkas baru.`;
      return [note("t-rusak", `Jejak berubah pada baris ${broken}`, text), facts(aboutTrail(trail))];
    }
    return [...(await aboutDigest(trail)), facts(aboutTrail(trail))];
  }

  if (!subtle) {
    result.replaceChildren(note("t-tanya", "Tidak dapat menghitung di sini", "Peramban ini hanya menghitung segel di alamat aman (https). Buka halaman ini lewat https."));
    result.hidden = false;
    return;
  }
  input.disabled = false;
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    result.hidden = false;
    result.setAttribute("aria-busy", "true");
    let shown;
    try {
      shown = await check(file);
    } catch {
      shown = [note("t-rusak", "Berkas rusak", "Sebagian isinya tidak terbaca sebagai jejak. Minta berkas baru kepada pengirim.")];
    }
    result.replaceChildren(...shown);
    result.removeAttribute("aria-busy");
    input.value = "";
  });
})();
