// One client under measurement: when each message came, whether one was lost or came twice, and what it cost.
import { ChannelClient, type Network, type State, type TransportName } from "../channel";
import { decode } from "./letter";
import { Samples } from "./samples";

export interface Figures {
  transport: TransportName;
  state: State;
  now: number | null; // milliseconds, of the newest message
  p50: number | null;
  p95: number | null;
  p99: number | null;
  samples: number;
  messages: number;
  lost: number;
  twice: number;
  requests: number;
  opened: number;
  held: number;
  overheadIn: number;
  overheadOut: number;
  payloadIn: number;
}

export class Lane {
  readonly client: ChannelClient;
  lost = 0;
  twice = 0;
  #latencies = new Samples();
  #fresh = new Samples(500); // since the chart's last point
  #now: number | null = null;
  #last: number | null = null; // the newest number that has come

  constructor(network: Network, path: string, channel: string, transport: TransportName, onState: (state: State) => void = () => {}) {
    this.client = new ChannelClient(network, { path, channel, limit: 1000, wait: 25, pollEvery: 1000 }, transport, {
      onState,
      onMessage: (message) => {
        const letter = decode(message);
        if (letter) this.#take(letter.number, performance.now() - letter.sent);
      },
    });
  }

  figures(): Figures {
    const [p50, p95, p99] = this.#latencies.percentiles([0.5, 0.95, 0.99]);
    const { messages, requests, opened, held, overheadIn, overheadOut, payloadIn } = this.client.traffic;
    return {
      transport: this.client.transport, state: this.client.state, now: this.#now, p50, p95, p99, samples: this.#latencies.count,
      messages, lost: this.lost, twice: this.twice, requests, opened, held, overheadIn, overheadOut, payloadIn,
    };
  }

  // The median since this was last asked; null where nothing came.
  point(): number | null {
    const [median] = this.#fresh.percentiles([0.5]);
    this.#fresh.clear();
    return median;
  }

  // Forgets what was measured; who is connected stays it.
  clear(): void {
    this.#latencies.clear();
    this.#now = null;
    const { traffic } = this.client;
    Object.assign(traffic, { messages: 0, requests: 0, opened: traffic.held, overheadIn: 0, overheadOut: 0, payloadIn: 0 });
  }

  // The page publishes its numbers one after the other.
  #take(number: number, latency: number): void {
    this.#now = latency;
    this.#latencies.add(latency);
    this.#fresh.add(latency);
    const expected = (this.#last ?? number - 1) + 1;
    if (number < expected) this.twice++;
    else this.lost += number - expected;
    this.#last = Math.max(number, expected - 1);
  }
}
