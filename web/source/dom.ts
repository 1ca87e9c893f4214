// Small words for building pages. Every text goes in as a text node; nothing here parses HTML.

type Child = Node | string | null | undefined | false;
interface Given {
  class?: string;
  text?: string;
  label?: string;
  hue?: number;
  hidden?: boolean;
  on?: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void };
  [attribute: string]: unknown;
}

export function find<T extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, given: Given = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { class: className, text, label, hue, hidden, on, ...attributes } = given;
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  if (label) element.setAttribute("aria-label", label);
  if (hue !== undefined) element.style.setProperty("--hue", String(hue));
  if (hidden) element.hidden = true;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [name, handler] of Object.entries(on ?? {})) element.addEventListener(name, handler as EventListener);
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

// An icon of the sprite in index.html; its meaning is said elsewhere.
export function icon(name: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

// A text whose web addresses are links.
export function linked(text: string): (Node | string)[] {
  return text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/).map((part, i) =>
    i % 2 ? make("a", { href: part, target: "_blank", rel: "noopener noreferrer nofollow", text: part }) : part);
}

// The first letter as people see it.
export function initial(name: string): string {
  const segments = "Segmenter" in Intl ? new Intl.Segmenter().segment(name)[Symbol.iterator]() : null;
  return (segments?.next().value?.segment ?? [...name][0] ?? "?").toUpperCase();
}

export function avatar(person: { nickname: string; color: number }, size = ""): HTMLElement {
  return make("span", { class: `avatar ${size}`, hue: person.color, "aria-hidden": "true", text: initial(person.nickname) });
}
