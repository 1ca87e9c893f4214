// Korean or English: the browser's language, until the button says otherwise; remembered. Each page brings its texts.
export type Language = "ko" | "en";
export type Say<Key extends string> = (key: Key, values?: Record<string, string | number>) => string;

const kRemembered = "naru.language";
let language: Language = remembered() ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");
const listeners: (() => void)[] = [];

// Texts are pairs, Korean first; {name} stands for a value.
export function sayer<Key extends string>(texts: Record<Key, readonly [string, string]>): Say<Key> {
  return (key, values = {}) => texts[key][language === "ko" ? 0 : 1].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function currentLanguage(): Language {
  return language;
}

export function onLanguage(listener: () => void): void {
  listeners.push(listener);
}

export function switchLanguage(): void {
  language = language === "ko" ? "en" : "ko";
  try {
    localStorage.setItem(kRemembered, language);
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
  announceLanguage();
}

// Tells all who write texts, once at the beginning and at each change, in the order in which they came.
export function announceLanguage(): void {
  for (const listener of listeners) listener();
}

// Fills in what the page marks: data-say (text), data-say-label (aria-label), data-say-hint (placeholder).
export function fillIn<Key extends string>(say: Say<Key>): void {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) element.textContent = say(element.dataset["say"] as Key);
  for (const element of document.querySelectorAll<HTMLElement>("[data-say-label]")) {
    const text = say(element.dataset["sayLabel"] as Key);
    element.setAttribute("aria-label", text);
    if (element instanceof HTMLButtonElement) element.title = text;
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-say-hint]")) {
    element.setAttribute("placeholder", say(element.dataset["sayHint"] as Key));
  }
}

function remembered(): Language | null {
  try {
    const kept = localStorage.getItem(kRemembered);
    return kept === "ko" || kept === "en" ? kept : null;
  } catch {
    return null;
  }
}
