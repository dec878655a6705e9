// A block of the board taken by mouse or by the arrow keys: where it would go, who is
// busy there as the server says, and a sheet that asks before anything moves.
// Touch keeps scrolling the board; a tap opens the activity, whose form moves it.
(() => {
  const box = document.getElementById("papan");
  const bar = document.querySelector("[data-moving]");
  if (!box || !bar) return;
  const hint = document.getElementById("cara-geser");
  const when = bar.querySelector("[data-moving-when]");
  const said = bar.querySelector("[data-moving-said]");
  const QUIET = 250; // milliseconds at one place before the server is asked about it
  const MINUTE = 60000;
  let board = null;
  let data = null;
  let held = null;
  let asked = null; // whose sheet is open; the hand comes back to its block

  const instant = (text) => new Date(`${text.replace(" ", "T")}:00`);
  const two = (number) => String(number).padStart(2, "0");
  const clock = (moment) => `${two(moment.getHours())}.${two(moment.getMinutes())}`;
  const local = (moment) =>
    `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}` +
    `T${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const tiles = (id) => [...box.querySelectorAll(`[data-activity="${id}"]`)];
  // The block itself says the time it is held over.
  const tell = (tile, text) => {
    const at = tile.querySelector("[data-when]");
    tile.dataset.said ??= at.textContent;
    at.textContent = text;
  };
  const fetched = (path) =>
    fetch(`/kegiatan/${held.id}/${path}`, { signal: held.over.signal }).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });

  // ---- taking and letting go -------------------------------------------------
  const take = (tile) => {
    const [start, end] = tile.dataset.move.split("/").map(instant);
    const step = data.week ? 24 * 60 : 15;
    const wide = data.week ? box.querySelector(".ec-body .ec-day").offsetWidth : tile.offsetWidth;
    const length = data.week ? step : (end - start) / MINUTE;
    held = {
      id: tile.dataset.activity,
      tile,
      start,
      end,
      step,
      perMinute: wide / length,
      minutes: 0,
      spans: [],
      known: null,
      over: new AbortController(),
    };
    box.dataset.holding = "";
    bar.hidden = false;
    fetched(`sibuk?dari=${data.date}&sampai=${data.until ?? data.date}`)
      .then((found) => mark(found.spans))
      .catch(() => {});
    show();
  };
  const drop = () => {
    if (!held) return;
    held.over.abort();
    clearTimeout(held.asking);
    for (const span of held.spans) board.removeEventById(span.id);
    for (const each of tiles(held.id)) {
      each.style.transform = "";
      if (each.dataset.said) tell(each, each.dataset.said);
      delete each.dataset.going;
    }
    delete box.dataset.holding;
    bar.hidden = true;
    held = null;
  };
  const ask = () => {
    const { id, minutes } = held;
    const start = moved()[0];
    drop();
    if (!minutes) return;
    asked = id;
    const unit = new URLSearchParams(location.search).get("unit");
    const tail = unit ? `&unit=${encodeURIComponent(unit)}` : "";
    htmx.ajax("GET", `/kegiatan/${id}/geser?mulai=${local(start)}${tail}`, "#lembar");
  };

  // ---- what would be in the way ----------------------------------------------
  const moved = () => [held.start, held.end].map((at) => new Date(+at + held.minutes * MINUTE));
  const mark = (spans) => {
    held.spans = spans.map((span, number) => ({ ...span, id: `sibuk-${number}` }));
    for (const span of held.spans.filter(counts)) {
      board.addEvent({
        id: span.id,
        resourceIds: [span.row],
        start: span.start,
        end: span.end,
        allDay: Boolean(data.week),
        display: "background",
        classNames: ["busy"],
      });
    }
    // The library writes its blocks anew; what they say while held is written after it.
    requestAnimationFrame(() => held && show());
  };
  // A column of the week is a whole day: marked only where the same hours are taken.
  const counts = (span) => {
    if (!data.week) return true;
    const day = span.start.slice(0, 10);
    const [from, to] = [held.start, held.end].map((at) => instant(`${day}T${local(at).slice(11)}`));
    return instant(span.start) < to && instant(span.end) > from;
  };
  const inTheWay = () => {
    const [start, end] = moved();
    if (held.known?.minutes === held.minutes) return held.known.clashes;
    return held.spans
      .filter((span) => instant(span.start) < end && instant(span.end) > start)
      .map((span) => span.said);
  };
  const show = () => {
    const [start, end] = moved();
    const clashes = held.minutes ? inTheWay() : [];
    const day = data.week ? `${data.week[(start.getDay() + 6) % 7]}, ` : "";
    for (const each of tiles(held.id)) {
      each.style.transform = `translateX(${held.minutes * held.perMinute}px)`;
      each.dataset.going = clashes.length ? "bad" : "good";
      tell(each, `${clock(start)}–${clock(end)}`);
    }
    when.textContent = `${day}${clock(start)}–${clock(end)}`;
    bar.classList.toggle("late", clashes.length > 0);
    said.textContent = clashes.length ? `Bentrok. ${clashes.join("; ")}` : settled();
  };
  const settled = () => {
    if (!held.minutes) return "Waktu semula";
    return held.known?.minutes === held.minutes ? "Semua kosong" : "Memeriksa…";
  };
  const go = (minutes) => {
    const [start, end] = [held.start, held.end].map((at) => new Date(+at + minutes * MINUTE));
    const first = instant(`${data.date} 00:00`);
    const last = new Date(+instant(`${data.until ?? data.date} 00:00`) + 24 * 60 * MINUTE);
    if (minutes === held.minutes || start < first || end > last) return;
    held.minutes = minutes;
    clearTimeout(held.asking);
    held.asking = setTimeout(check, QUIET);
    show();
  };
  const check = () => {
    const minutes = held.minutes;
    fetched(`geser/periksa?mulai=${local(moved()[0])}`)
      .then((found) => {
        held.known = { minutes, clashes: found.clashes };
        show();
      })
      .catch(() => {
        if (held) said.textContent = "Belum dapat diperiksa; diperiksa lagi sebelum disimpan.";
      });
  };

  // ---- mouse -------------------------------------------------------------------
  let pressed = null;
  box.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest("[data-move]");
    if (!tile || event.button !== 0 || event.pointerType === "touch") return;
    pressed = { tile, x: event.clientX };
  });
  addEventListener("pointermove", (event) => {
    if (!pressed) return;
    const far = event.clientX - pressed.x;
    if (!pressed.dragged && Math.abs(far) < 5) return;
    if (!pressed.dragged) {
      drop();
      pressed.dragged = true;
      take(pressed.tile);
    }
    if (!held) return;
    go(Math.round(far / held.perMinute / held.step) * held.step);
  });
  addEventListener("pointerup", () => {
    const dragged = pressed?.dragged;
    pressed = null;
    if (!dragged) return;
    // The click that ends a drag opens nothing.
    const swallow = (event) => event.stopPropagation();
    box.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => box.removeEventListener("click", swallow, true));
    if (held) ask();
  });
  addEventListener("pointercancel", () => {
    pressed = null;
    drop();
  });

  // ---- keys ----------------------------------------------------------------------
  box.addEventListener(
    "keydown",
    (event) => {
      const tile = event.target.closest("[data-move]");
      if (!tile || pressed) return;
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (way) {
        if (held?.id !== tile.dataset.activity) {
          drop();
          take(tile);
        }
        go(held.minutes + way * held.step);
      } else if (held && event.key === "Enter") {
        ask();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !held) return;
    pressed = null;
    drop();
  });
  bar.querySelector("[data-moving-stop]").addEventListener("click", () => {
    const tile = held?.tile;
    drop();
    tile?.focus();
  });
  bar.querySelector("[data-moving-ask]").addEventListener("click", () => held && ask());

  box.addEventListener("rk:drawn", (event) => {
    drop();
    ({ board, data } = event.detail);
    hint.hidden = !data.events.some((each) => each.move);
    if (!asked || document.querySelector("#lembar dialog[open]")) return;
    const back = asked;
    asked = null;
    requestAnimationFrame(() => tiles(back)[0]?.focus());
  });
})();
