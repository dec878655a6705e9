// The resource timeline: offices and rooms as rows, from the data in the page.
(() => {
  const box = document.getElementById("papan");
  if (!box || !window.EventCalendar || !matchMedia("(min-width: 992px)").matches) return;
  document.querySelector("[data-table]").open = false;
  const saved = JSON.parse(box.dataset.board);
  const glyphs = {};
  for (const each of box.querySelector("[data-glyphs]").content.querySelectorAll("[data-glyph]")) {
    glyphs[each.dataset.glyph] = each.innerHTML;
  }
  const safe = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  // The library's table roles do not fit its own structure; the table below the board
  // says the same in order, and the blocks stay buttons with a name.
  const plain = () => {
    for (const each of box.querySelectorAll('[role]:not([role="button"])')) {
      each.removeAttribute("role");
    }
    for (const name of ["aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan"]) {
      for (const each of box.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
    }
    for (const each of box.querySelectorAll("time[aria-label]")) {
      each.removeAttribute("aria-label");
    }
  };
  new MutationObserver(plain).observe(box, { childList: true, subtree: true });
  const heading = document.querySelector("[data-day]");
  let drawn = null;
  const draw = (data) => {
    if (drawn) EventCalendar.destroy(drawn);
    const hours = data.week ? 0 : Number(data.last.slice(0, 2)) - Number(data.first.slice(0, 2));
    const slots = data.week ? 7 : hours * 2;
    const wide = Math.max(40, Math.floor((box.clientWidth - 200) / slots));
    box.style.setProperty("--rk-rows", data.resources.length);
    box.replaceChildren();
    heading.textContent = data.said;
    heading.dateTime = data.date;
    drawn = EventCalendar.create(box, options(data, wide));
    box.dispatchEvent(new CustomEvent("rk:drawn", { detail: { board: drawn, data } }));
  };
  // A week has a column a day, whatever the hours: a block says its own.
  const span = (data, wide) =>
    data.week
      ? {
          view: "resourceTimelineMonth",
          duration: { weeks: 1 },
          firstDay: 1,
          slotDuration: { days: 1 },
          slotWidth: wide,
          dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
        }
      : {
          view: "resourceTimelineDay",
          slotMinTime: data.first,
          slotMaxTime: data.last,
          scrollTime: data.at ?? data.first,
          slotDuration: "00:30",
          slotLabelInterval: "01:00",
          slotWidth: wide,
          dayHeaderFormat: () => "",
        };
  const options = (data, wide) => ({
    ...span(data, wide),
    date: data.date,
    locale: "id",
    headerToolbar: { start: "", center: "", end: "" },
    height: "100%",
    nowIndicator: !data.week,
    eventStartEditable: false,
    eventDurationEditable: false,
    slotLabelFormat: { hour: "2-digit", minute: "2-digit" },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit" },
    resources: data.resources.map((row) => ({
      id: row.id,
      title: row.title,
      extendedProps: { note: row.note },
    })),
    events: data.events.map((event) => ({
      resourceIds: [event.row],
      start: event.start,
      end: event.end,
      title: event.title,
      classNames: [event.tone],
      extendedProps: event,
    })),
    resourceLabelContent: ({ resource }) => ({
      html:
        safe(resource.title) +
        (resource.extendedProps.note ? `<small>${safe(resource.extendedProps.note)}</small>` : ""),
    }),
    eventContent: ({ event, timeText }) => event.display === "background" ? "" : ({
      html:
        `<b>${safe(event.title)}</b><span>${glyphs[event.extendedProps.glyph] || ""}` +
        `<span class="visually-hidden">${safe(event.extendedProps.state ?? "")},</span><span data-when>${timeText}</span></span>`,
    }),
    eventDidMount: ({ el, event }) => {
      const { activity_id: activity, move, row } = event.extendedProps;
      if (!activity) return;
      Object.assign(el.dataset, { activity, row });
      if (!move) return;
      el.dataset.move = `${event.extendedProps.start}/${event.extendedProps.end}`;
      el.setAttribute("aria-describedby", "cara-geser");
    },
    eventClick: ({ event }) => {
      if (event.extendedProps.link) location.assign(event.extendedProps.link);
    },
  });
  // A sheet about something unsaved brings the board with it drawn in, and leaves
  // room for itself; closed, the board is again what is saved.
  const sheets = document.getElementById("lembar");
  let shown = null;
  const follow = () => {
    const sheet = sheets.querySelector("dialog[open]");
    document.body.classList.toggle("rk-board", sheet !== null);
    const wanted = sheet?.dataset.over ?? (sheet ? "below" : "saved");
    if (wanted === shown) return;
    shown = wanted;
    draw(sheet?.dataset.over ? JSON.parse(sheet.dataset.over) : saved);
  };
  new MutationObserver(follow).observe(sheets, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["open"],
  });
  follow();
})();
