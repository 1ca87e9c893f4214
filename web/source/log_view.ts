// The conversation on the page: lines of the log, whispers between them, and below what is not sent yet.
import { avatar, find, icon, linked, make } from "./dom";
import type { Letter } from "./outbox";
import type { Message, Person, Whisper } from "./protocol";
import { clock, day, say, sayFailure, type TextKey } from "./texts";

const kTogetherMs = 5 * 60_000; // lines of one person within it stand together
const kNearPx = 120; // this near to the end counts as reading the end
const kOlderPx = 400; // this near to the beginning older ones are asked for

interface Aside {
  whisper: Whisper;
  to: Person | undefined;
  after: string | undefined; // the id of the message that it stands behind
}

export interface LogEvents {
  older(): void;
  retry(id: string): void;
  discard(id: string): void;
}

export class LogView {
  private scroller = find("#log");
  private lines = find("#lines");
  private pending = find("#pending");
  private newer = find("#newer");
  private beginning = find("#beginning");
  private announcer = find("#announcer");
  private asides: Aside[] = [];
  private messages: Message[] = [];
  private atEnd = true;

  constructor(private mine: (person: Person) => boolean, private events: LogEvents) {
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.newer.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.lines);
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.scroller);
  }

  clear(): void {
    this.asides = [];
    this.fill([], true);
    this.waiting([]);
    this.atEnd = true;
  }

  // Draws all anew.
  fill(messages: Message[], more: boolean): void {
    this.messages = messages;
    this.lines.replaceChildren(...messages.flatMap((message, i) => this.withAsides(message, messages[i - 1])));
    this.ends(more);
    this.toEnd();
  }

  append(all: Message[], fresh: Message[], announce: boolean): void {
    this.messages = all;
    let before = all.at(-fresh.length - 1);
    for (const message of fresh) {
      this.lines.append(this.line(message, before));
      before = message;
    }
    const others = fresh.filter(({ from }) => !this.mine(from));
    if (announce && others.length) this.announce(others.at(-1) as Message);
    if (this.atEnd) this.toEnd();
    else if (others.length) this.newer.hidden = false;
  }

  // Older ones in front; what is being read stays where it is.
  prepend(all: Message[], fresh: Message[], more: boolean): void {
    const height = this.scroller.scrollHeight;
    const top = this.scroller.scrollTop;
    this.messages = all;
    const boundary = all[fresh.length];
    this.lines.prepend(...fresh.map((message, i) => this.line(message, fresh[i - 1])));
    if (boundary) this.lines.children[fresh.length]?.replaceWith(this.line(boundary, fresh.at(-1)));
    this.ends(more);
    this.scroller.scrollTop = top + this.scroller.scrollHeight - height;
  }

  // Takes away as many lines from the beginning.
  trim(all: Message[], count: number): void {
    const last = this.messages[count - 1]?.id;
    this.messages = all;
    while (last && this.lines.firstElementChild) {
      const line = this.lines.firstElementChild as HTMLElement;
      line.remove();
      if (line.dataset["id"] === last) break;
    }
    this.ends(true);
  }

  get readingEnd(): boolean {
    return this.atEnd;
  }

  whisper(whisper: Whisper, to?: Person): void {
    if (this.asides.some((one) => one.whisper.id === whisper.id)) return;
    const aside = { whisper, to, after: this.messages.at(-1)?.id };
    this.asides.push(aside);
    this.lines.append(this.asideLine(aside));
    if (!to) this.announcer.append(make("p", { text: `${say("whispered")} ${whisper.from.nickname}: ${whisper.text}` }));
    if (this.atEnd || to) this.toEnd();
    else this.newer.hidden = false;
  }

  // What is not sent yet.
  waiting(letters: Letter[]): void {
    const grown = letters.length > this.pending.childElementCount;
    this.pending.replaceChildren(...letters.map((letter) => this.letterLine(letter)));
    if (this.atEnd || grown) this.toEnd();
  }

  toEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.atEnd = true;
    this.newer.hidden = true;
  }

  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.atEnd = scrollHeight - scrollTop - clientHeight < kNearPx;
    if (this.atEnd) this.newer.hidden = true;
    if (scrollTop < kOlderPx) this.events.older();
  }

  private ends(more: boolean): void {
    this.beginning.hidden = more || this.messages.length === 0;
  }

  private announce(message: Message): void {
    const text = message.kind === "text" ? message.text : message.kind === "picture" ? say("last_picture") : systemText(message);
    const said = message.kind === "system" ? text : `${message.from.nickname}: ${text}`;
    this.announcer.replaceChildren(make("p", { text: said }));
  }

  private withAsides(message: Message, before: Message | undefined): HTMLElement[] {
    const behind = this.asides.filter(({ after }) => after === message.id);
    return [this.line(message, before), ...behind.map((aside) => this.asideLine(aside))];
  }

  private line(message: Message, before: Message | undefined): HTMLElement {
    const newDay = !before || new Date(before.time).toDateString() !== new Date(message.time).toDateString();
    const separator = newDay && make("p", { class: "day" }, make("span", { text: day(message.time) }));
    if (message.kind === "system") {
      return make("li", { class: "system", "data-id": message.id }, separator, make("p", { text: systemText(message) }));
    }
    const together = !newDay && before?.kind !== "system" && before?.from.id === message.from.id && message.time - before.time < kTogetherMs;
    const content = message.kind === "text"
      ? make("p", { class: "bubble" }, ...linked(message.text))
      : make("a", { class: "bubble picture", href: message.url, target: "_blank", rel: "noopener" },
          make("img", { src: message.url, alt: say("picture_by", { name: message.from.nickname }), width: message.width, height: message.height, loading: "lazy", decoding: "async" }));
    const time = make("time", { datetime: new Date(message.time).toISOString(), text: clock(message.time) });
    return this.spoken(message.from, message.id, together, separator, content, time);
  }

  private spoken(from: Person, id: string, together: boolean, separator: HTMLElement | false, content: HTMLElement, ...beside: HTMLElement[]): HTMLElement {
    const mine = this.mine(from);
    const name = make("span", { class: mine ? "unseen" : "name", hue: from.color, text: from.nickname });
    return make("li", { class: `said${mine ? " mine" : ""}${together ? " together" : ""}`, "data-id": id, hue: from.color },
      separator,
      make("div", { class: "row" },
        mine ? null : avatar(from),
        make("div", { class: "words" }, together ? make("span", { class: "unseen", text: from.nickname }) : name, make("div", { class: "beside" }, content, ...beside))));
  }

  private asideLine({ whisper, to }: Aside): HTMLElement {
    const note = make("span", { class: "note" }, icon("whisper"), to ? say("whispered_to", { name: to.nickname }) : say("whispered"));
    const content = make("p", { class: "bubble" }, ...linked(whisper.text));
    const line = this.spoken(whisper.from, whisper.id, false, false, content, make("time", { text: clock(whisper.time) }));
    line.classList.add("whisper");
    find(".words", line).append(note);
    return line;
  }

  private letterLine(letter: Letter): HTMLElement {
    const content = letter.kind === "picture"
      ? make("span", { class: "bubble picture" }, make("img", { src: letter.url, alt: "", width: letter.width, height: letter.height }))
      : make("p", { class: "bubble", text: letter.text });
    const state = letter.state === "sent" ? "sending" : letter.state;
    const beside = make("div", { class: "state" }, make("span", { text: say(`sent_${state}` as TextKey) }));
    if (letter.state === "failed") {
      beside.append(make("span", { class: "why", text: sayFailure(letter.error ?? "") }),
        make("button", { type: "button", text: say("retry"), on: { click: () => this.events.retry(letter.id) } }),
        make("button", { type: "button", text: say("discard"), on: { click: () => this.events.discard(letter.id) } }));
    }
    const kind = letter.kind === "whisper" ? " whisper" : "";
    return make("li", { class: `said mine pending${kind}`, "data-state": letter.state },
      make("div", { class: "row" }, make("div", { class: "words" }, make("div", { class: "beside" }, content, beside))));
  }
}

function systemText(message: Message & { kind: "system" }): string {
  return say(`system_${message.what}`, { name: message.from.nickname, was: message.was ?? "", who: message.who?.nickname ?? "" });
}
