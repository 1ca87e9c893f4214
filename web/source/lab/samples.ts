// The newest measurements of one kind and what stands in the middle of them. Bounded: the oldest go.
export class Samples {
  readonly #kept: number[] = [];
  #next = 0;

  constructor(private readonly most = 2000) {}

  add(value: number): void {
    this.#kept[this.#next] = value;
    this.#next = (this.#next + 1) % this.most;
  }

  clear(): void {
    this.#kept.length = 0;
    this.#next = 0;
  }

  get count(): number {
    return this.#kept.length;
  }

  // Nearest rank: of 100 values the 95th is the 95th smallest. Null without any.
  percentiles<const Shares extends readonly number[]>(shares: Shares): { [I in keyof Shares]: number | null } {
    const sorted = Float64Array.from(this.#kept).sort();
    return shares.map((share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null) as { [I in keyof Shares]: number | null };
  }
}
