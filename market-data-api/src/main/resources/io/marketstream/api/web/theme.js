/** The button that changes between light and dark, and remembers the choice. */

const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

export function onThemeChange(listener) {
  listeners.add(listener);
}

/** The value of a colour of the style sheet. */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function startTheme(button) {
  const show = () => {
    button.setAttribute("aria-pressed", String(isDark()));
    for (const listener of listeners) {
      listener();
    }
  };
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // The choice lasts until the page is closed.
    }
    show();
  });
  system.addEventListener("change", show);
  show();
}
