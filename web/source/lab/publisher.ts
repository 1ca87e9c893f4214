// The page publishes by itself, so that both ends of a message are on one clock. One request at a time, with all that
// has come due meanwhile: the numbers stand in the channel in their order, and a slow line makes batches instead of a
// queue. A request without an answer is sent again with the same keys, so that nothing is published twice.
import type { Network } from "../channel";
import { pause } from "../channel/network";
import { base64Of, encodeBinary, encodeText, kBinaryType, type Kind, type Letter } from "./letter";

const kTickMs = 10;
const kMostAtOnce = 100; // what comes due beyond it is not published at all
const kRetryMs = 500;

export class Publisher {
  rate = 10; // messages a second
  size = 64; // bytes of each
  kind: Kind = "text";
  answered = 0;
  requests = 0;
  onFailure: (problem: string) => void = () => {};
  #number = 0;
  #due = 0;
  readonly #run = Math.random().toString(36).slice(2); // keys are this page's own
  readonly #life = new AbortController();

  constructor(private readonly network: Network, private readonly path: string) {}

  async start(): Promise<void> {
    const { signal } = this.#life;
    for (let before = performance.now(); !signal.aborted; ) {
      await pause(kTickMs, signal);
      const now = performance.now();
      // Nobody looks at a hidden page, and its timers hardly run.
      if (!document.hidden) this.#due = Math.min(kMostAtOnce, this.#due + (this.rate * (now - before)) / 1000);
      before = now;
      const count = Math.floor(this.#due);
      if (count === 0) continue;
      this.#due -= count;
      await this.#publish(Array.from({ length: count }, () => ({ number: ++this.#number, sent: performance.now() })));
    }
  }

  async #publish(letters: Letter[]): Promise<void> {
    for (;;) {
      try {
        this.requests++;
        const response = await this.#post(letters);
        if (response.ok) {
          this.answered += letters.length;
          return;
        }
        this.onFailure(`${response.status} ${(await response.text()).slice(0, 200)}`);
      } catch (error) {
        this.onFailure(String(error));
      }
      await pause(kRetryMs, this.#life.signal);
    }
  }

  #post(letters: Letter[]): Promise<Response> {
    const [first] = letters;
    const { fetch } = this.network.openers;
    const address = this.network.origin + this.path;
    if (letters.length > 1 || !first) {
      const body = letters.map((letter) => JSON.stringify(this.#line(letter)) + "\n").join("");
      return fetch(address, { method: "POST", body, headers: { "content-type": "application/x-ndjson" } });
    }
    const headers = { "content-type": this.kind === "text" ? "application/json" : kBinaryType, "idempotency-key": this.#key(first) };
    const body = this.kind === "text" ? encodeText(first, this.size) : encodeBinary(first, this.size);
    return fetch(address, { method: "POST", body, headers });
  }

  #line(letter: Letter): Record<string, unknown> {
    const data = this.kind === "text"
      ? { data: JSON.parse(encodeText(letter, this.size)) as unknown }
      : { base64: base64Of(encodeBinary(letter, this.size)), type: kBinaryType };
    return { ...data, idempotency_key: this.#key(letter) };
  }

  #key({ number }: Letter): string {
    return `${this.#run}-${number}`;
  }
}
