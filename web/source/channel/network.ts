// The way to the server, as the clients use it: what opens connections (given, so that Node's packages do as well),
// and a switch that cuts it for everybody at once.
import type { Socket } from "socket.io-client";

export interface Openers {
  fetch: typeof fetch;
  EventSource: typeof EventSource;
  WebSocket: typeof WebSocket;
  // Socket.IO's io(), or null where the server has none.
  io: ((url: string, options: Record<string, unknown>) => Socket) | null;
}

export class Network {
  // Bytes of the fields that a browser adds to a request by itself; a page asks its server for them.
  fieldBytes = 400;
  #isCut = false;
  readonly #changes = new Set<() => void>();

  constructor(readonly origin: string, readonly openers: Openers) {}

  get isCut(): boolean {
    return this.#isCut;
  }

  cut(): void {
    this.#isCut = true;
    this.#tell();
  }

  mend(): void {
    this.#isCut = false;
    this.#tell();
  }

  // Called at each cut and mend; what is returned takes it back.
  onChange(listener: () => void): () => void {
    this.#changes.add(listener);
    return () => void this.#changes.delete(listener);
  }

  // Until it is mended, or the signal ends.
  mended(signal: AbortSignal): Promise<void> {
    if (!this.#isCut || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        if (this.#isCut && !signal.aborted) return;
        forget();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const forget = this.onChange(done);
      signal.addEventListener("abort", done);
    });
  }

  #tell(): void {
    for (const listener of [...this.#changes]) listener();
  }
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => (clearTimeout(timer), signal.removeEventListener("abort", done), resolve());
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
