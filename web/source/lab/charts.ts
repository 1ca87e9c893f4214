// One line for each transport over the last two minutes, drawn by uPlot on a logarithmic scale, in the page's colours.
import uPlot from "uplot";
import type { TransportName } from "../channel";
import { share } from "./units";

const kPoints = 120; // seconds
const kHeight = 220;

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export class Chart {
  readonly #columns: (number | null)[][];
  #plot: uPlot | null = null;

  constructor(private readonly place: HTMLElement, private readonly names: readonly TransportName[]) {
    this.#columns = [[], ...names.map(() => [])];
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place);
    this.draw();
  }

  add(second: number, values: (number | null)[]): void {
    // A logarithmic scale has no zero.
    [second, ...values.map((value) => value && Math.max(value, 0.05))].forEach((value, i) => {
      const column = this.#columns[i]!;
      column.push(value);
      if (column.length > kPoints) column.shift();
    });
    this.#plot?.setData(this.#data());
  }

  // Anew: the colours have changed.
  draw(): void {
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(), this.#data(), this.place);
  }

  #data(): uPlot.AlignedData {
    return this.#columns as uPlot.AlignedData;
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(200, this.place.clientWidth), height: kHeight };
  }

  #options(): uPlot.Options {
    const axis = { stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
    return {
      ...this.#size(), legend: { show: false }, cursor: { show: false }, padding: [8, 12, 0, 0],
      scales: { x: { time: false }, y: { distr: 3, range: (_, low, high) => [10 ** Math.floor(Math.log10(low ?? 1)), 10 ** Math.ceil(Math.log10(Math.max(high ?? 1, (low ?? 1) * 1.01)))] } },
      axes: [
        { ...axis, size: 26, values: (_, seconds) => seconds.map((second) => `${second} s`) },
        { ...axis, size: 44, values: (_, values) => values.map((value) => (value && Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? (value >= 1 ? String(value) : share(value)) : "")) },
      ],
      series: [{}, ...this.names.map((name) => ({ stroke: colour(`t-${name}`), width: 2, points: { show: false }, spanGaps: true }))],
    };
  }
}
