// What of a room's history is known here: one run without holes, oldest first. Plain data, no network.
//
// The server sends events in the history's order. While the run is being completed after a (re)connection, events are
// held back and merged by id when it is complete, so nothing is missing and nothing stands twice.
import type { Message } from "./protocol";

// Beyond this the oldest are forgotten (they can be asked for again), so that a long day does not fill the page.
export const kMessagesKept = 1000;

export class RoomLog {
  messages: Message[] = [];
  more = false; // older ones exist on the server
  private ids = new Set<string>();
  private held: Message[] | null = null;

  get oldest(): string | undefined {
    return this.messages[0]?.position;
  }

  get newest(): string | undefined {
    return this.messages.at(-1)?.position;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  // From here on events are held back until `release`.
  hold(): void {
    this.held = [];
  }

  // Appends what was held back; returns what is new.
  release(): Message[] {
    const held = this.held ?? [];
    this.held = null;
    return this.append(held);
  }

  // Takes an event; returns true when it now stands at the end.
  arrive(message: Message): boolean {
    if (this.held) {
      this.held.push(message);
      return false;
    }
    return this.append([message]).length === 1;
  }

  // Appends a page of newer messages; returns those that were not known.
  append(page: Message[]): Message[] {
    const fresh = this.unknown(page);
    this.messages.push(...fresh);
    return fresh;
  }

  // Puts a page of older messages in front; returns those that were not known.
  prepend(page: Message[], more: boolean): Message[] {
    const fresh = this.unknown(page);
    this.messages.unshift(...fresh);
    this.more = more;
    return fresh;
  }

  // Begins anew with the newest page.
  reset(page: Message[], more: boolean): void {
    this.messages = [];
    this.ids.clear();
    this.append(page);
    this.more = more;
  }

  // Forgets the oldest beyond `kMessagesKept`; returns how many went.
  trim(): number {
    const surplus = this.messages.length - kMessagesKept;
    if (surplus <= 0) return 0;
    for (const { id } of this.messages.splice(0, surplus)) this.ids.delete(id);
    this.more = true;
    return surplus;
  }

  private unknown(page: Message[]): Message[] {
    return page.filter(({ id }) => !this.ids.has(id) && this.ids.add(id));
  }
}
