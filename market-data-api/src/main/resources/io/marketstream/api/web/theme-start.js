// Applies the remembered theme. Without one, the style sheet follows the system.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage can be off. The system's theme applies then.
}
