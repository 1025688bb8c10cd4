// Before the first paint, so that a chosen theme does not flash. Pages without storage follow the system.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
