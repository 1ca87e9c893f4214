// A card for each transport: how late its newest message was, and what it has cost so far.
import type { TransportName } from "../channel";
import { find, make } from "../dom";
import type { Figures } from "./lane";
import { say, type TextKey } from "./texts";
import { bytes, milliseconds } from "./units";

const kRows: [TextKey, (figures: Figures) => string][] = [
  ["messages", ({ messages }) => messages.toLocaleString("en")],
  ["check", ({ lost, twice }) => `${lost} · ${twice}`],
  ["requests", ({ requests }) => requests.toLocaleString("en")],
  ["overhead", ({ overheadIn, overheadOut }) => `${bytes(overheadIn)} · ${bytes(overheadOut)}`],
  ["payload", ({ payloadIn }) => bytes(payloadIn)],
  ["connections", ({ held, opened }) => `${held} · ${opened}`],
];

export class Card {
  readonly element: HTMLElement;

  constructor(readonly transport: TransportName) {
    this.element = make("li", { class: "lane", "data-transport": transport, "data-state": "connecting" },
      make("h3", {}, make("i"), make("span", { "data-say": transport })),
      make("p", { class: "state" }),
      make("p", { class: "now" }, make("b"), make("small", { "data-say": "latency" })),
      make("dl", { class: "percentiles" }, ...["p50", "p95", "p99"].map((name) => make("div", {}, make("dt", { text: name }), make("dd", { class: name })))),
      make("dl", { class: "figures" }, ...kRows.map(([key]) => make("div", {}, make("dt", { "data-say": key }), make("dd", { class: key })))));
  }

  draw(figures: Figures): void {
    this.element.dataset["state"] = figures.state;
    this.element.toggleAttribute("data-wrong", figures.lost + figures.twice > 0);
    this.#write(".state", say(`state_${figures.state}`));
    this.#write(".now b", milliseconds(figures.now));
    for (const name of ["p50", "p95", "p99"] as const) this.#write(`.${name}`, milliseconds(figures[name]));
    for (const [key, text] of kRows) this.#write(`.${key}`, text(figures));
  }

  #write(selector: string, text: string): void {
    const place = find(selector, this.element);
    if (place.textContent !== text) place.textContent = text;
  }
}
