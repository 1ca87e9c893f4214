// The transport lab: one channel of this visit, followed by every transport at once.
import { kTransports, Network, type Openers, type TransportName } from "../channel";
import { find, make } from "../dom";
import { announceLanguage, onLanguage, switchLanguage } from "../language";
import { followTheme } from "../theme";
import { drawAdvice, saveCsv } from "./advice_table";
import { Card } from "./cards";
import { Chart } from "./charts";
import { Controls } from "./controls";
import { Lane } from "./lane";
import { Publisher } from "./publisher";
import { say } from "./texts";
import { Traveller } from "./traveller";

const kDrawMs = 500;
const kPointMs = 1000;
const kFeed = "/lab/channels/";
const kPrefix = "lab:"; // of the feed's channels, as Socket.IO names them

// Null where this server serves no Socket.IO.
async function socketIo(): Promise<Openers["io"]> {
  try {
    return (await import("socket.io-client")).io as Openers["io"];
  } catch {
    return null;
  }
}

async function fieldBytes(network: Network): Promise<number> {
  const response = await fetch(`${network.origin}/lab/head`, { cache: "no-store" });
  return ((await response.json()) as { bytes: number }).bytes;
}

class Lab {
  readonly #publisher: Publisher;
  readonly #lanes: Lane[];
  readonly #cards: Card[];
  readonly #controls: Controls;
  readonly #traveller: Traveller;
  readonly #charts: { latency: Chart; overhead: Chart };
  readonly #began = performance.now();

  constructor(network: Network, private readonly name: string) {
    const names = kTransports.filter((transport) => transport !== "socketio" || network.openers.io);
    const [path, channel] = [kFeed + name, kPrefix + name];
    this.#publisher = new Publisher(network, path);
    this.#lanes = names.map((transport) => new Lane(network, path, channel, transport));
    this.#cards = names.map((transport) => new Card(transport));
    this.#traveller = new Traveller(network, path, channel);
    find("#lanes").replaceChildren(...this.#cards.map(({ element }) => element));
    this.#charts = { latency: this.#chart("#chart-latency", names), overhead: this.#chart("#chart-overhead", names) };
    this.#controls = new Controls(network, this.#publisher, () => this.#afresh(), () => this.#afresh());
    find("#csv").addEventListener("click", () => saveCsv(this.#figures(), this.#publisher));
    this.#publisher.onFailure = (problem) => (find("#failure").textContent = say("failed", { problem }));
  }

  // Everybody begins at one position, so that all hear the same messages.
  async start(): Promise<void> {
    const response = await fetch(`${kFeed}${this.name}?since=last`, { headers: { accept: "application/json" }, cache: "no-store" });
    const { position } = (await response.json()) as { position: string };
    for (const { client } of this.#lanes) client.start(position);
    this.#traveller.start(position);
    void this.#publisher.start();
    setInterval(() => this.draw(), kDrawMs);
    setInterval(() => this.#point(), kPointMs);
    this.draw();
  }

  draw(): void {
    const figures = this.#figures();
    this.#cards.forEach((card, i) => card.draw(figures[i]!));
    this.#traveller.draw();
    this.#controls.draw();
    drawAdvice(figures, this.#publisher);
  }

  redrawCharts(): void {
    for (const chart of Object.values(this.#charts)) chart.draw();
  }

  #chart(selector: string, names: readonly TransportName[]): Chart {
    const key = names.map((name) => make("li", { "data-transport": name }, make("i"), make("span", { "data-say": name })));
    find(`${selector} .key`).replaceChildren(...key);
    return new Chart(find(`${selector} .plot`), names);
  }

  #point(): void {
    const second = Math.round((performance.now() - this.#began) / 1000);
    this.#charts.latency.add(second, this.#lanes.map((lane) => lane.point()));
    this.#charts.overhead.add(second, this.#figures().map(({ messages, overheadIn, overheadOut }) => (messages ? (overheadIn + overheadOut) / messages : null)));
  }

  #figures() {
    return this.#lanes.map((lane) => lane.figures());
  }

  #afresh(): void {
    for (const lane of this.#lanes) lane.clear();
    this.draw();
  }
}

function drawTry(name: string): void {
  const address = `${location.origin}${kFeed}${name}`;
  find("#try").textContent = [
    `curl -N -H 'Accept: text/event-stream' ${address}`,
    `curl -N -H 'Accept: application/x-ndjson' ${address}`,
    `curl '${address}?since=last&wait=30'`,
    `curl -d '{"hello":"lab"}' -H 'Content-Type: application/json' ${address}`,
  ].join("\n");
}

const name = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36).padStart(2, "0")).join("");
const network = new Network(location.origin, { fetch: fetch.bind(globalThis), EventSource, WebSocket, io: await socketIo() });
network.fieldBytes = await fieldBytes(network);
const lab = new Lab(network, name);
followTheme(find("#theme"));
const redraw = () => lab.redrawCharts();
find("#theme").addEventListener("click", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
find("#language").addEventListener("click", switchLanguage);
onLanguage(() => (find("#counted").textContent = say("counted", { bytes: network.fieldBytes })));
onLanguage(() => lab.draw());
announceLanguage();
drawTry(name);
await lab.start();
