// One tab in one room: entering, staying in over broken lines, the log and the outbox. Knows no page.
import { ask, refusalOf, type Connection } from "./connection";
import { Outbox, type Draft, type Letter, type Outcome } from "./outbox";
import { upload } from "./picture";
import { failed, kLimits, type Failure, type HistoryPage, type Message, type Presence, type Room, type Welcome, type Whisper } from "./protocol";
import { RoomLog } from "./room_log";
import type { Session } from "./session";

export type RoomState =
  | { name: "entering" }
  | { name: "in" }
  | { name: "away" } // was in; the line is down
  | { name: "refused"; failure: Failure }
  | { name: "gone"; reason: "removed" | "deleted" };

// What the page wants to hear of.
export interface RoomEvents {
  state(): void;
  people(): void;
  reset(): void; // the log was filled anew
  appended(messages: Message[]): void;
  prepended(messages: Message[]): void;
  outbox(): void;
  typing(): void;
  whispered(whisper: Whisper, to?: Presence): void;
}

const kPage = 50;
const kMissedPages = 20; // more than this is not caught up with: the newest page is shown instead
const kTypingForgottenMs = 6000;
const kTypingRepeatMs = 3000;
const kRetryMs = 1500;
const kEchoMs = 4000; // an acknowledged message that does not show up within it is fetched

export class RoomVisit {
  state: RoomState = { name: "entering" };
  room: Room | null = null;
  you: Presence | null = null;
  people = new Map<string, Presence>();
  log = new RoomLog();
  outbox: Outbox;
  writers = new Map<string, ReturnType<typeof setTimeout>>();
  private syncing = 0; // counts, so that a newer synchronisation ends an older one
  private fetching = false;
  private typingSaid = 0;

  constructor(readonly id: string, private connection: Connection, private session: Session, private events: RoomEvents) {
    const carrier = { deliver: (letter: Letter) => this.deliver(letter), changed: () => events.outbox() };
    this.outbox = new Outbox(id, carrier, sessionStorage);
    this.listen();
    this.enter();
  }

  enter(password?: string): void {
    const { room: socket } = this.connection;
    socket.auth = { room: this.id, ...(password ? { password } : {}) };
    this.become({ name: "entering" });
    socket.connect();
  }

  leave(): void {
    const { room: socket } = this.connection;
    socket.off();
    socket.disconnect();
    this.outbox.stop();
    this.syncing++;
    for (const timer of this.writers.values()) clearTimeout(timer);
  }

  get owner(): boolean {
    return this.room?.owner === this.session.me.id;
  }

  // One presence for each person, in order of arrival.
  persons(): Presence[] {
    return [...new Map([...this.people.values()].map((presence) => [presence.id, presence])).values()];
  }

  post(draft: Draft): boolean {
    this.typingSaid = 0;
    return this.outbox.put(draft);
  }

  remove(person: string): Promise<object> {
    return ask(this.connection.room, "remove", { person });
  }

  typing(on: boolean): void {
    const { room: socket } = this.connection;
    const now = Date.now();
    if (!socket.connected || (on && now - this.typingSaid < kTypingRepeatMs) || (!on && !this.typingSaid)) return;
    this.typingSaid = on ? now : 0;
    (on ? socket.volatile : socket).emit("typing", { on });
  }

  // Fetches the page before what is known; false when there is none or it is on its way already.
  async older(): Promise<boolean> {
    if (this.fetching || !this.log.more || !this.log.oldest || this.state.name !== "in") return false;
    this.fetching = true;
    const answer = await ask<HistoryPage>(this.connection.room, "history", { before: this.log.oldest, limit: kPage });
    this.fetching = false;
    if (failed(answer)) return false;
    if (!answer.recovered) this.refill(answer);
    else this.events.prepended(this.log.prepend(answer.messages, answer.more));
    return true;
  }

  private listen(): void {
    const { room: socket } = this.connection;
    socket.off();
    socket.on("welcome", (welcome: Welcome) => this.welcome(welcome));
    socket.on("message", (message: Message) => this.arrive([message], this.log.arrive(message)));
    socket.on("present", (presence: Presence) => this.seat(() => this.people.set(presence.socket, presence)));
    socket.on("absent", ({ socket: gone }: { socket: string }) => this.seat(() => (this.people.delete(gone), this.wrote(gone, false))));
    socket.on("typing", ({ socket: writer, on }: { socket: string; on: boolean }) => this.wrote(writer, on));
    socket.on("whisper", (whisper: Whisper) => this.events.whispered(whisper));
    socket.on("room", (room: Room) => this.seat(() => (this.room = room)));
    socket.on("gone", ({ reason }: { reason: "removed" | "deleted" }) => this.become({ name: "gone", reason }));
    socket.on("disconnect", (reason: string) => this.lost(reason));
    socket.on("connect_error", (error: Error) => this.refused(refusalOf(socket, error)));
  }

  private become(state: RoomState): void {
    this.state = state;
    this.events.state();
  }

  private welcome({ room, you, people }: Welcome): void {
    this.room = room;
    this.you = you;
    this.people = new Map(people.map((presence) => [presence.socket, presence]));
    this.become({ name: "in" });
    this.events.people();
    void this.synchronise();
    void this.outbox.flush();
  }

  private lost(reason: string): void {
    this.syncing++;
    this.typingSaid = 0;
    if (this.state.name === "gone") return;
    this.become({ name: "away" });
    if (reason === "io server disconnect") setTimeout(() => this.state.name === "away" && this.connection.room.connect(), kRetryMs);
  }

  private refused(failure: Failure | null): void {
    if (!failure) return this.state.name === "in" ? this.become({ name: "away" }) : undefined;
    if (failure.error === "no_session") return void this.session.load().then(() => (this.connection.renew(), this.enter()));
    this.become({ name: "refused", failure });
  }

  private seat(change: () => void): void {
    change();
    this.events.people();
  }

  private wrote(writer: string, on: boolean): void {
    clearTimeout(this.writers.get(writer));
    this.writers.delete(writer);
    if (on) this.writers.set(writer, setTimeout(() => this.wrote(writer, false), kTypingForgottenMs));
    this.events.typing();
  }

  // Completes the log up to now; events are held back meanwhile.
  private async synchronise(): Promise<void> {
    const turn = ++this.syncing;
    this.log.hold();
    for (let pages = 0; ; pages++) {
      const known = pages < kMissedPages ? this.log.newest : undefined;
      const answer = await ask<HistoryPage>(this.connection.room, "history", known ? { after: known, limit: 2 * kPage } : { limit: kPage });
      if (turn !== this.syncing) return;
      if (failed(answer)) {
        setTimeout(() => turn === this.syncing && void this.synchronise(), answer.retry_after ?? kRetryMs);
        return;
      }
      if (!known || !answer.recovered) this.refill(answer);
      else this.arrive(this.log.append(answer.messages), true);
      if (!known || !answer.recovered || !answer.more) break;
    }
    this.arrive(this.log.release(), true);
  }

  private refill(page: HistoryPage): void {
    this.log.reset(page.messages, page.more);
    for (const { id } of page.messages) this.outbox.drop(id);
    this.events.reset();
  }

  private arrive(messages: Message[], inLog: boolean): void {
    if (!inLog || !messages.length) return;
    for (const { id, from } of messages) {
      this.outbox.drop(id);
      this.paused(from.id);
    }
    this.events.appended(messages);
  }

  // Who has just said something writes no longer.
  private paused(person: string): void {
    for (const writer of this.writers.keys()) if (this.people.get(writer)?.id === person) this.wrote(writer, false);
  }

  private async deliver(letter: Letter): Promise<Outcome> {
    if (this.state.name !== "in") return { again: 0 };
    if (letter.kind === "picture") return this.expectEcho(letter.id, await upload(this.id, letter));
    const { room: socket } = this.connection;
    const { id, text } = letter;
    if ([...text].length > kLimits.text) return { refused: "too_long" };
    const to = letter.kind === "whisper" ? this.persons().find((person) => person.id === letter.to) : undefined;
    if (letter.kind === "whisper" && !to) return { refused: "not_here" };
    const answer = to ? await ask(socket, "whisper", { id, to: to.socket, text }) : await ask(socket, "message", { id, text });
    if (failed(answer)) return this.outcomeOf(answer);
    if (!to) return this.expectEcho(id, { taken: true });
    this.outbox.drop(id);
    this.events.whispered({ id, from: this.you as Presence, text, time: letter.time }, to);
    return { taken: true };
  }

  private outcomeOf({ error, retry_after: after }: Failure): Outcome {
    if (error === "no_line") return { again: this.connection.room.connected ? kRetryMs : 0 };
    if (error === "slow_down" || error === "try_again") return { again: after ?? kRetryMs };
    return { refused: error };
  }

  // What the server has comes as an event; if that was lost with a connection, the log is completed.
  private expectEcho(id: string, outcome: Outcome): Outcome {
    if (!("taken" in outcome)) return outcome;
    if (this.log.has(id)) this.outbox.drop(id);
    else setTimeout(() => void this.missEcho(id), kEchoMs);
    return outcome;
  }

  private async missEcho(id: string): Promise<void> {
    if (this.log.has(id) || this.state.name !== "in") return;
    await this.synchronise();
    this.outbox.drop(id); // not among the newest: it was stored long ago
  }
}
