// The client that changes its transport in mid-stream, with the way that it has come.
import { kTransports, type Network, type TransportName } from "../channel";
import { find, make } from "../dom";
import { Lane } from "./lane";
import { say } from "./texts";

const kTrail = 12; // stations that are shown

export class Traveller {
  readonly #lane: Lane;
  readonly #transports: readonly TransportName[];
  #changes = 0;
  #trail: TransportName[];

  constructor(network: Network, path: string, channel: string) {
    this.#transports = kTransports.filter((name) => name !== "socketio" || network.openers.io);
    this.#lane = new Lane(network, path, channel, "poll");
    this.#trail = ["poll"];
    find("#change").addEventListener("click", () => this.#change());
    this.#drawTrail();
  }

  start(since: string): void {
    this.#lane.client.start(since);
  }

  draw(): void {
    const { messages, lost, twice } = this.#lane.figures();
    find("#travelled").textContent = say("travelled", { messages, lost, twice, changes: this.#changes });
    find("#traveller").toggleAttribute("data-wrong", lost + twice > 0);
  }

  #change(): void {
    const at = this.#transports.indexOf(this.#lane.client.transport);
    const next = this.#transports[(at + 1) % this.#transports.length]!;
    this.#lane.client.hop(next);
    this.#changes++;
    this.#trail = [...this.#trail, next].slice(-kTrail);
    this.#drawTrail();
    this.draw();
  }

  #drawTrail(): void {
    find("#trail").replaceChildren(...this.#trail.map((name) => make("li", { "data-transport": name }, make("i"), make("span", { "data-say": name, text: say(name) }))));
  }
}
