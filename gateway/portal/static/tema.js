// Runs before the first paint: the chosen theme, and that scripts run at all.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    if (localStorage.rakatTheme) root.dataset.bsTheme = localStorage.rakatTheme;
  } catch {
    // Storage refused: the theme follows the system.
  }
})();
