// What was written and is not yet acknowledged: one at a time, in order, again with the same id until the server has it.
// Texts are kept in the tab's session storage, so that a reload loses none.
import { newId } from "./protocol";

export type Letter = { id: string; time: number; state: "waiting" | "sending" | "sent" | "failed"; error?: string } & (
  | { kind: "text"; text: string }
  | { kind: "whisper"; text: string; to: string; nickname: string }
  | { kind: "picture"; picture: Blob; url: string; width?: number; height?: number }
);
type Fields<T> = T extends unknown ? Omit<T, "id" | "time" | "state" | "error"> : never;
export type Draft = Fields<Letter>;

// What became of one try: the server has it; ask again after some time; it can never be taken.
export type Outcome = { taken: true } | { again: number } | { refused: string };

export interface Carrier {
  // Resolves for every try, also a failed one; `{again: 0}` when the line is down (then `flush` comes after it).
  deliver(letter: Letter): Promise<Outcome>;
  changed(): void;
}

export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const kWaitingKept = 200; // more than anybody types while the line is down

export class Outbox {
  letters: Letter[] = [];
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private room: string, private carrier: Carrier, private shelf: Shelf) {
    this.letters = this.restore();
  }

  // Takes a letter; false when too many wait already.
  put(draft: Draft): boolean {
    if (this.letters.length >= kWaitingKept) return false;
    this.letters.push({ ...draft, id: newId(), time: Date.now(), state: "waiting" });
    this.update();
    void this.flush();
    return true;
  }

  // Tries what waits, in order. Called after every (re)connection.
  async flush(): Promise<void> {
    if (this.busy) return;
    clearTimeout(this.timer);
    this.busy = true;
    for (let letter = this.next(); letter; letter = this.next()) {
      letter.state = "sending";
      this.update();
      const outcome = await this.carrier.deliver(letter);
      if (!this.settle(letter, outcome)) break;
    }
    this.busy = false;
  }

  retry(id: string): void {
    const letter = this.letters.find((one) => one.id === id && one.state === "failed");
    if (!letter) return;
    letter.state = "waiting";
    delete letter.error;
    this.update();
    void this.flush();
  }

  // Takes a letter out: it stands in the log now, or the writer gave it up.
  drop(id: string): void {
    const at = this.letters.findIndex((one) => one.id === id);
    if (at < 0) return;
    const [letter] = this.letters.splice(at, 1);
    if (letter?.kind === "picture") URL.revokeObjectURL(letter.url);
    this.update();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.busy = true;
  }

  private next(): Letter | undefined {
    return this.letters.find((one) => one.state === "waiting");
  }

  // True when the next letter may go.
  private settle(letter: Letter, outcome: Outcome): boolean {
    if ("taken" in outcome) letter.state = "sent";
    if ("refused" in outcome) {
      letter.state = "failed";
      letter.error = outcome.refused;
    }
    if ("again" in outcome) {
      letter.state = "waiting";
      if (outcome.again > 0) this.timer = setTimeout(() => void this.flush(), outcome.again);
    }
    this.update();
    return !("again" in outcome);
  }

  private update(): void {
    const texts = this.letters.filter(({ kind, state }) => kind === "text" && state !== "sent");
    try {
      if (texts.length) this.shelf.setItem(this.key(), JSON.stringify(texts));
      else this.shelf.removeItem(this.key());
    } catch {
      // The shelf is full or forbidden: the letters live in memory alone.
    }
    this.carrier.changed();
  }

  private restore(): Letter[] {
    try {
      const kept = JSON.parse(this.shelf.getItem(this.key()) ?? "[]") as Letter[];
      return kept.map((letter) => ({ ...letter, state: letter.state === "failed" ? "failed" : "waiting" }));
    } catch {
      return [];
    }
  }

  private key(): string {
    return `naru.outbox.${this.room}`;
  }
}
