// A block of the board taken by mouse, by finger or by the arrow keys: where it would
// go, who is busy there as the server says, and a sheet that asks before anything moves.
// A finger takes it by resting on it; a swipe scrolls the board, a tap opens the activity.
(() => {
  const box = document.getElementById("papan");
  const bar = document.querySelector("[data-moving]");
  if (!box || !bar) return;
  const hint = document.getElementById("cara-geser");
  const when = bar.querySelector("[data-moving-when]");
  const said = bar.querySelector("[data-moving-said]");
  const QUIET = 250; // milliseconds at one place before the server is asked about it
  const REST = 450; // milliseconds a finger rests on a block before it has it
  const TREMBLE = 10; // pixels it may stray meanwhile; more is a swipe
  const MINUTE = 60000;
  const DAY = 24 * 60;
  const DAYS = ["Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"];
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
  const day = (moment) => `${DAYS[moment.getDay()]} ${moment.getDate()}, `;
  const between = (start, end) => {
    const days = start.toDateString() !== new Date(+end - 1).toDateString();
    if (days) return `${day(start)}${clock(start)} – ${day(end)}${clock(end)}`;
    return `${data.week ? day(start) : ""}${clock(start)}–${clock(end)}`;
  };
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
    const step = data.week ? DAY : 15;
    const [from, to] = data.week ? [0, DAY] : boardHours();
    held = {
      id: tile.dataset.activity,
      tile,
      start,
      end,
      step,
      perMinute: box.querySelector(".ec-body .ec-day").offsetWidth / (to - from),
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
      if ("wide" in each.dataset) each.style.inlineSize = each.dataset.wide;
      delete each.dataset.wide;
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

  // ---- where it stands ---------------------------------------------------------
  const minutesOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const boardHours = () => [minutesOf(data.first), minutesOf(data.last)];
  const firstDay = () => instant(`${data.date} 00:00`);
  const lastDay = () => new Date(+instant(`${data.until ?? data.date} 00:00`) + DAY * MINUTE);
  // What the board shows of it, in minutes: of a day its hours, of a week whole days.
  const shown = (start, end) => {
    const [from, to] = data.week ? [0, 7 * DAY] : boardHours();
    const [first, last] = [start, end].map((at) => (at - firstDay()) / MINUTE / held.step);
    const begins = Math.max(from, Math.floor(first) * held.step);
    const ends = Math.min(to, Math.ceil(last) * held.step);
    return [Math.min(begins, to - held.step), Math.max(ends, from + held.step)];
  };
  const place = (tile, start, end) => {
    const [was, now] = [shown(held.start, held.end), shown(start, end)];
    tile.style.transform = `translateX(${(now[0] - was[0]) * held.perMinute}px)`;
    // Cut off where the board ends, it is longer or shorter elsewhere.
    if (now[1] - now[0] === was[1] - was[0] && !("wide" in tile.dataset)) return;
    tile.dataset.wide ??= tile.style.inlineSize;
    tile.style.inlineSize = `${(now[1] - now[0]) * held.perMinute}px`;
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
    const early = (instant(span.start) - held.end) / MINUTE / DAY;
    const late = (instant(span.end) - held.start) / MINUTE / DAY;
    return Math.floor(early) + 1 < late;
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
    for (const each of tiles(held.id)) {
      place(each, start, end);
      each.dataset.going = clashes.length ? "bad" : "good";
      tell(each, `${clock(start)}–${clock(end)}`);
    }
    when.textContent = between(start, end);
    bar.classList.toggle("late", clashes.length > 0);
    said.textContent = clashes.length ? `Bentrok. ${clashes.join("; ")}` : settled();
  };
  const settled = () => {
    if (!held.minutes) return "Waktu semula";
    return held.known?.minutes === held.minutes ? "Semua kosong" : "Memeriksa…";
  };
  const go = (minutes) => {
    const [start, end] = [held.start, held.end].map((at) => new Date(+at + minutes * MINUTE));
    // Something of it stays on the days shown; its other end may be on the next.
    if (minutes === held.minutes || start >= lastDay() || end <= firstDay()) return;
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

  // ---- mouse and finger ----------------------------------------------------------
  let pressed = null;
  let carried = false; // by a finger, until it is lifted
  const grasp = () => {
    drop();
    pressed.dragged = true;
    carried = pressed.touch;
    take(pressed.tile);
  };
  const release = () => {
    clearTimeout(pressed?.resting);
    pressed = null;
  };
  // Once the block is in the finger, its way neither scrolls nor ends in a click.
  const keep = (event) => {
    if (carried && event.cancelable) event.preventDefault();
  };
  // The board writes its blocks anew while one is held; a finger's events still go to
  // what it was put on, which is then outside of the page.
  const watch = (from) => {
    for (const name of ["touchmove", "touchend"]) {
      from.addEventListener(name, keep, { passive: false });
    }
  };
  watch(box);
  box.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary) return;
    release();
    carried = false;
    const tile = event.target.closest("[data-move]");
    if (!tile || event.button !== 0) return;
    const touch = event.pointerType === "touch";
    pressed = { tile, touch, x: event.clientX, y: event.clientY };
    if (!touch) return;
    watch(event.target);
    pressed.resting = setTimeout(grasp, REST);
  });
  addEventListener("pointermove", (event) => {
    if (!pressed || !event.isPrimary) return;
    const far = event.clientX - pressed.x;
    if (!pressed.dragged && pressed.touch) {
      if (Math.hypot(far, event.clientY - pressed.y) > TREMBLE) release();
      return;
    }
    if (!pressed.dragged && Math.abs(far) < 5) return;
    if (!pressed.dragged) grasp();
    if (held) go(Math.round(far / held.perMinute / held.step) * held.step);
  });
  addEventListener("pointerup", (event) => {
    if (!event.isPrimary) return;
    const dragged = pressed?.dragged;
    release();
    if (!dragged) return;
    // The click that ends a drag opens nothing.
    const swallow = (event) => event.stopPropagation();
    box.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => box.removeEventListener("click", swallow, true));
    if (held) ask();
  });
  box.addEventListener("contextmenu", (event) => pressed?.touch && event.preventDefault());
  addEventListener("pointercancel", () => {
    release();
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
    release();
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
