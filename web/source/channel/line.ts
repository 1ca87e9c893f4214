// One attempt to follow, as a transport sees it: where to ask, from which position, and whom to tell. When it was cut
// or left for another transport, `signal` is aborted and nothing that still comes is told to anybody.
import type { ClientOptions } from "./client";
import type { Network } from "./network";
import { isNotice, type Message, type Notice } from "./protocol";
import type { Traffic } from "./traffic";

export interface LineEvents {
  position: string;
  opened(): void;
  broke(): void;
  took(message: Message): void;
  noted(notice: Notice): void;
}

// Follows until the line ends, and rejects when it broke.
export type Transport = (line: Line) => Promise<void>;

export class Line {
  readonly signal: AbortSignal;
  #hasTaken = false;

  constructor(
    readonly network: Network,
    readonly options: ClientOptions,
    readonly traffic: Traffic,
    private readonly events: LineEvents,
    readonly control: AbortController,
  ) {
    this.signal = control.signal;
  }

  get position(): string {
    return this.events.position;
  }

  // The address with a query, without the origin.
  target(query: Record<string, string | number> = {}): string {
    const text = new URLSearchParams(Object.entries({ ...query, ...this.options.query }).map(([name, value]) => [name, String(value)])).toString();
    return text ? `${this.options.path}?${text}` : this.options.path;
  }

  // One connection or request is held open for messages, until what is returned is called or the line is left.
  hold(): () => void {
    const release = this.traffic.hold();
    this.signal.addEventListener("abort", release);
    return () => (release(), this.signal.removeEventListener("abort", release));
  }

  opened(): void {
    if (!this.signal.aborted) this.events.opened();
  }

  // The transport comes back by itself.
  broke(): void {
    if (!this.signal.aborted) this.events.broke();
  }

  // False: nobody listens any more.
  take(value: Message | Notice): boolean {
    if (this.signal.aborted) return false;
    if (isNotice(value)) this.#note(value);
    else this.#message(value);
    return !this.signal.aborted;
  }

  // Where everything up to here has been taken.
  stand(position: string): void {
    if (!this.signal.aborted) this.events.position = position;
  }

  #message(message: Message): void {
    this.#hasTaken = true;
    this.events.position = message.position;
    this.traffic.messages++;
    this.events.took(message);
  }

  #note(notice: Notice): void {
    // Socket.IO's answer to `follow` may come behind the first message.
    if (notice.notice !== "start" || !this.#hasTaken) this.events.position = notice.position;
    this.events.noted(notice);
  }
}
