// A client of one channel that follows it by any transport and may change it in mid-stream: the position goes along,
// so that nothing is lost and nothing comes twice.
//
//   const client = new ChannelClient(network, { path: "/channels/news", channel: "news" }, "sse", { onMessage });
//   client.start("last");
//   client.hop("websocket");
//
// Once stop() or hop() has returned, what the old line still brings is told to nobody.
import { Line, type LineEvents, type Transport } from "./line";
import { longPoll } from "./long_poll";
import { pause, type Network } from "./network";
import { poll } from "./poll";
import type { Message, Notice, State, TransportName } from "./protocol";
import { socketIo } from "./socketio";
import { sse } from "./sse";
import { stream } from "./stream";
import { Traffic } from "./traffic";
import { webSocket } from "./websocket";

export interface ClientOptions {
  path: string; // of the channel, on the server
  channel: string; // its name for Socket.IO
  query?: Record<string, string>; // of every request
  events?: readonly string[]; // names of events: EventSource hears only those that it was told
  limit?: number; // messages of a page
  wait?: number; // seconds of a long poll
  pollEvery?: number; // milliseconds between two polls
  retryFirst?: number; // milliseconds before a second attempt; it doubles …
  retryMost?: number; // … up to this
  socketIo?: Record<string, unknown>; // options of io()
}

export interface ClientEvents {
  onMessage?(message: Message): void;
  onNotice?(notice: Notice): void;
  onState?(state: State): void;
}

const kTransportOf: Record<TransportName, Transport> = {
  poll, long_poll: longPoll, stream, sse, websocket: webSocket, socketio: socketIo,
};

export class ChannelClient {
  readonly traffic = new Traffic();
  state: State = "stopped";
  position = "last";
  #life: AbortController | null = null;
  #line: AbortController | null = null;
  #tries = 0;

  constructor(
    readonly network: Network,
    readonly options: ClientOptions,
    public transport: TransportName,
    private readonly events: ClientEvents,
  ) {}

  start(since: string = this.position): void {
    this.stop();
    this.position = since;
    this.#life = new AbortController();
    void this.#live(this.#life.signal);
  }

  stop(): void {
    this.#life?.abort();
    this.#line?.abort();
    this.#life = null;
    this.#become("stopped");
  }

  hop(transport: TransportName): void {
    this.transport = transport;
    if (this.#life) this.start();
  }

  async #live(life: AbortSignal): Promise<void> {
    for (this.#tries = 0; !life.aborted; this.#tries++) {
      await this.network.mended(life);
      if (life.aborted) return;
      await this.#follow(life);
      if (life.aborted) return;
      this.#become("waiting");
      const { retryFirst = 250, retryMost = 5000 } = this.options;
      const most = Math.min(retryMost, retryFirst * 2 ** Math.min(this.#tries, 10));
      // Spread out, so that all who were cut at one moment do not come back at one moment.
      if (!this.network.isCut) await pause(most * (0.5 + Math.random() / 2), life);
    }
  }

  // One line, until it ends in whatever way.
  async #follow(life: AbortSignal): Promise<void> {
    const control = new AbortController();
    this.#line = control;
    const forget = this.network.onChange(() => this.network.isCut && control.abort());
    this.#become("connecting");
    try {
      await kTransportOf[this.transport](new Line(this.network, this.options, this.traffic, this.#lineEvents(life), control));
    } catch {
      // It broke; the next attempt goes on where this one was.
    } finally {
      control.abort();
      forget();
    }
  }

  #lineEvents(life: AbortSignal): LineEvents {
    const client = this;
    return {
      get position() { return client.position; },
      set position(position) { client.position = position; },
      opened() {
        client.#tries = 0;
        client.#become("open");
      },
      broke() { if (!life.aborted) client.#become("waiting"); },
      took(message) { client.events.onMessage?.(message); },
      noted(notice) { client.events.onNotice?.(notice); },
    };
  }

  #become(state: State): void {
    if (this.state === state) return;
    this.state = state;
    this.events.onState?.(state);
  }
}
