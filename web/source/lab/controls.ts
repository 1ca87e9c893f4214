// What the visitor turns: how much is published, and whether the network is there.
import type { Network } from "../channel";
import { find } from "../dom";
import type { Kind } from "./letter";
import type { Publisher } from "./publisher";
import { say } from "./texts";
import { bytes } from "./units";

// The sliders' steps: fine where little is sent.
const kRates = [0, 1, 2, 5, 10, 20, 50, 100, 200];
const kSizes = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384];

export class Controls {
  constructor(private readonly network: Network, private readonly publisher: Publisher, onChange: () => void, onAfresh: () => void) {
    this.#slider("#rate", kRates, (rate) => (publisher.rate = rate), String, onChange);
    this.#slider("#size", kSizes, (size) => (publisher.size = size), bytes, onChange);
    for (const choice of document.querySelectorAll<HTMLInputElement>("[name=kind]")) {
      choice.addEventListener("change", () => ((publisher.kind = choice.value as Kind), onChange()));
    }
    find("#cut").addEventListener("click", () => (network.isCut ? network.mend() : network.cut(), this.draw()));
    find("#afresh").addEventListener("click", onAfresh);
  }

  draw(): void {
    const { isCut } = this.network;
    find("#cut span").textContent = say(isCut ? "mend" : "cut");
    find("#cut").setAttribute("aria-pressed", String(isCut));
    find("#cut-note").hidden = !isCut;
    find("#sent").textContent = say("sent", { answered: this.publisher.answered.toLocaleString("en"), requests: this.publisher.requests.toLocaleString("en") });
  }

  #slider(selector: string, steps: number[], set: (value: number) => void, write: (value: number) => string, onChange: () => void): void {
    const slider = find<HTMLInputElement>(selector);
    const apply = () => {
      const value = steps[Number(slider.value)]!;
      set(value);
      find(`${selector}-value`).textContent = write(value);
      slider.setAttribute("aria-valuetext", write(value));
    };
    slider.max = String(steps.length - 1);
    slider.addEventListener("input", () => (apply(), onChange()));
    apply();
  }
}
