// One open room on the page: head, log, people, composer, and what stands over them when one is not in.
import { Composer } from "./composer";
import type { Connection } from "./connection";
import { ask } from "./connection";
import { notify, openDialog } from "./dialogs";
import { avatar, find, icon, make } from "./dom";
import { LogView } from "./log_view";
import { failed, type Message, type Presence, type Room, type Whisper } from "./protocol";
import { RoomVisit } from "./room";
import type { Session } from "./session";
import { onLanguage } from "./language";
import { say, sayFailure, type TextKey } from "./texts";

const kAskable = ["password_needed", "wrong_password"];
const kHopeless = ["no_room", "removed", "bad_request"];

export class RoomView {
  private visit: RoomVisit | null = null;
  private view = find("#room");
  private veil = find("#veil");
  private log: LogView;
  private composer: Composer;
  private unread = 0;

  // `listed` knows rooms from the lobby, for what is shown before one is in.
  constructor(private connection: Connection, private session: Session, private listed: (id: string) => Room | undefined) {
    this.log = new LogView((person) => person.id === session.me.id, {
      older: () => void this.visit?.older(),
      retry: (id) => this.visit?.outbox.retry(id),
      discard: (id) => this.visit?.outbox.drop(id),
    });
    this.composer = new Composer({
      post: (draft) => this.visit?.post(draft) ?? false,
      typing: (on) => this.visit?.typing(on),
    });
    find("#delete").addEventListener("click", () => this.askDelete());
    find("#people-toggle").addEventListener("click", () => this.showPeople(!document.body.hasAttribute("data-people")));
    find("#people-close").addEventListener("click", () => this.showPeople(false));
    addEventListener("keydown", (event) => event.key === "Escape" && this.showPeople(false));
    addEventListener("visibilitychange", () => this.count(0));
    onLanguage(() => this.draw());
  }

  open(id: string): void {
    if (this.visit?.id === id) return;
    this.close();
    this.view.hidden = false;
    const appended = (fresh: Message[]) => this.appended(fresh);
    this.visit = new RoomVisit(id, this.connection, this.session, {
      state: () => this.drawState(),
      people: () => (this.drawHead(), this.drawPeople()),
      reset: () => this.fill(),
      appended,
      prepended: (fresh) => this.visit && this.log.prepend(this.visit.log.messages, fresh, this.visit.log.more),
      outbox: () => this.log.waiting(this.visit?.outbox.letters ?? []),
      typing: () => this.drawTyping(),
      whispered: (whisper: Whisper, to?: Presence) => (this.log.whisper(whisper, to), to || this.count(this.unread + 1)),
    });
    this.draw();
    this.log.waiting(this.visit.outbox.letters);
  }

  close(): void {
    this.visit?.leave();
    this.visit = null;
    this.view.hidden = true;
    this.showPeople(false);
    this.log.clear();
    this.composer.reset();
    this.count(0);
  }

  private draw(): void {
    this.count(this.unread);
    if (!this.visit) return;
    this.drawState();
    this.drawHead();
    this.drawPeople();
    this.drawTyping();
    this.fill();
    this.log.waiting(this.visit.outbox.letters);
  }

  private fill(): void {
    if (this.visit) this.log.fill(this.visit.log.messages, this.visit.log.more);
  }

  private appended(fresh: Message[]): void {
    if (!this.visit) return;
    const { log } = this.visit;
    this.log.append(log.messages, fresh, true);
    if (this.log.readingEnd) {
      const went = log.trim();
      if (went) this.log.trim(log.messages, went);
    }
    this.count(this.unread + fresh.filter(({ kind }) => kind !== "system").length);
  }

  // The number in the title while nobody looks.
  private count(unread: number): void {
    this.unread = document.hidden ? unread : 0;
    const title = this.visit?.room?.title;
    document.title = `${this.unread ? `(${this.unread}) ` : ""}${title ? `${title} · ` : ""}${say("brand")}`;
  }

  private drawHead(): void {
    const room = this.visit?.room ?? this.listed(this.visit?.id ?? "");
    find("#room-title").textContent = room?.title ?? "";
    find("#room-lock").hidden = !room?.locked;
    find("#delete").hidden = !this.visit?.owner;
    const count = this.visit?.persons().length ?? 0;
    const toggle = find("#people-toggle");
    find("span", toggle).textContent = room ? `${count}` : "";
    toggle.setAttribute("aria-label", say("people_toggle", { count }));
    this.count(this.unread);
  }

  private drawState(): void {
    const state = this.visit?.state;
    if (!this.visit || !state) return;
    const waiting = state.name === "entering" && !this.visit.room;
    this.view.dataset["state"] = state.name;
    find("#away").hidden = state.name !== "away";
    this.veil.hidden = !waiting && state.name !== "refused" && state.name !== "gone";
    if (waiting) this.veil.replaceChildren(make("p", { text: say("entering") }));
    if (state.name === "refused") this.veil.replaceChildren(this.refusal(state.failure.error));
    if (state.name === "gone") this.veil.replaceChildren(this.sentence(say(`gone_${state.reason}`)));
    if (!this.veil.hidden) this.veil.querySelector<HTMLElement>("input, button, a")?.focus();
    else if (state.name === "in" && matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]")) this.composer.focus();
  }

  private refusal(code: string): HTMLElement {
    const visit = this.visit as RoomVisit;
    if (kAskable.includes(code)) return this.passwordForm(code);
    const again = kHopeless.includes(code) ? null
      : make("button", { type: "button", class: "primary", text: say("again"), on: { click: () => visit.enter() } });
    return this.sentence(sayFailure(code), again);
  }

  private sentence(text: string, ...more: (HTMLElement | null)[]): HTMLElement {
    return make("div", { class: "card", role: "alert" }, make("p", { text }), ...more, make("a", { href: "#", class: "quiet", text: say("back") }));
  }

  private passwordForm(code: string): HTMLElement {
    const input = make("input", { type: "password", name: "password", required: true, maxlength: 72, autocomplete: "off" });
    const enter = (event: Event) => (event.preventDefault(), this.visit?.enter(input.value));
    return make("form", { class: "card", on: { submit: enter } },
      icon("lock"),
      make("p", { role: "alert", text: sayFailure(code) }),
      make("label", { class: "field" }, make("span", { text: say("password") }), input),
      make("button", { type: "submit", class: "primary", text: say("enter") }),
      make("a", { href: "#", class: "quiet", text: say("back") }));
  }

  private drawPeople(): void {
    const { visit } = this;
    if (!visit) return;
    find("#persons").replaceChildren(...visit.persons().map((person) => this.personLine(visit, person)));
  }

  private personLine(visit: RoomVisit, person: Presence): HTMLElement {
    const me = person.id === this.session.me.id;
    const marks = [person.id === visit.room?.owner && say("owner"), me && say("you")].filter(Boolean).join(" · ");
    const whisper = !me && make("button", { type: "button", class: "icon-button", title: say("whisper"), label: say("whisper_to", { name: person.nickname }),
      on: { click: () => (this.showPeople(false), this.composer.whisperTo(person)) } }, icon("whisper"));
    const remove = !me && visit.owner && make("button", { type: "button", class: "icon-button", title: say("remove"), label: `${say("remove")}: ${person.nickname}`,
      on: { click: () => this.askRemove(visit, person) } }, icon("remove"));
    return make("li", {}, avatar(person, "small"), make("span", { class: "person" }, make("b", { text: person.nickname }), make("small", { text: marks })), whisper, remove);
  }

  private drawTyping(): void {
    const { visit } = this;
    const names = new Map<string, string>();
    for (const socket of visit?.writers.keys() ?? []) {
      const person = visit?.people.get(socket);
      if (person && person.id !== this.session.me.id) names.set(person.id, person.nickname);
    }
    const [name = "", other = ""] = [...names.values()];
    const key: TextKey | null = names.size > 2 ? "typing_many" : names.size === 2 ? "typing_two" : names.size ? "typing_one" : null;
    find("#typing").replaceChildren(...(key ? [make("i", { class: "waves", "aria-hidden": "true" }), make("span", { text: say(key, { name, other }) })] : []));
  }

  private askRemove(visit: RoomVisit, person: Presence): void {
    openDialog({
      title: say("remove_sure", { name: person.nickname }), agree: "remove", danger: true,
      act: async () => problemOf(await visit.remove(person.id)),
    });
  }

  private askDelete(): void {
    const room = this.visit?.room;
    if (!room) return;
    openDialog({
      title: say("delete_sure", { title: room.title }), agree: "delete", danger: true,
      act: async () => {
        const problem = problemOf(await ask(this.connection.lobby, "delete_room", { room: room.id }));
        if (!problem) location.hash = "";
        if (!problem) notify(say("gone_deleted"));
        return problem;
      },
    });
  }

  private showPeople(on: boolean): void {
    document.body.toggleAttribute("data-people", on);
    find("#people-toggle").setAttribute("aria-expanded", String(on));
    if (on && matchMedia("(max-width: 1099px)").matches) find("#people-close").focus();
  }
}

function problemOf(answer: object): string | null {
  return failed(answer) ? sayFailure(answer.error) : null;
}
