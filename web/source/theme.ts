// Light or dark: the system's choice, until the button says otherwise; remembered.
const kRemembered = "naru.theme";

export function followTheme(button: HTMLElement): void {
  const root = document.documentElement;
  try {
    const kept = localStorage.getItem(kRemembered);
    if (kept === "light" || kept === "dark") root.dataset["theme"] = kept;
  } catch {
    // Storage is forbidden: the system's choice.
  }
  button.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset["theme"] ?? system) === "dark" ? "light" : "dark";
    root.dataset["theme"] = next;
    try {
      localStorage.setItem(kRemembered, next);
    } catch {
      // As above.
    }
  });
}
