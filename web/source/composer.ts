// Where one writes: Enter sends, Shift+Enter breaks the line, Escape ends a whisper; pictures by button, paste or drop.
import { find, make } from "./dom";
import { notify } from "./dialogs";
import type { Draft } from "./outbox";
import { pictureDraft, picturesIn } from "./picture";
import { failed, type Person } from "./protocol";
import { onLanguage } from "./language";
import { say, sayFailure } from "./texts";

const kTypingEndsMs = 3500;
const kTallestPx = 160;

export interface ComposerEvents {
  post(draft: Draft): boolean;
  typing(on: boolean): void;
}

export class Composer {
  private form = find<HTMLFormElement>("#composer");
  private input = find<HTMLTextAreaElement>("#words");
  private chooser = find<HTMLInputElement>("#chooser");
  private chip = find("#whispering");
  private stage = find("#room");
  private target: Person | null = null;
  private ending: ReturnType<typeof setTimeout> | undefined;

  constructor(private events: ComposerEvents) {
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("paste", (event) => this.pictures(picturesIn(event.clipboardData), event));
    find("#picture").addEventListener("click", () => this.chooser.click());
    this.chooser.addEventListener("change", () => {
      void this.pictures([...(this.chooser.files ?? [])]);
      this.chooser.value = "";
    });
    this.takeDrops();
    onLanguage(() => this.drawTarget());
  }

  // From now on to one person only; null: to all.
  whisperTo(person: Person | null): void {
    this.target = person;
    this.drawTarget();
    if (person) this.focus();
  }

  focus(): void {
    this.input.focus();
  }

  reset(): void {
    this.whisperTo(null);
    this.input.value = "";
    this.fit();
  }

  private send(): void {
    const text = this.input.value.trim();
    if (!text) return;
    const draft: Draft = this.target
      ? { kind: "whisper", text, to: this.target.id, nickname: this.target.nickname }
      : { kind: "text", text };
    if (!this.events.post(draft)) return notify(sayFailure("slow_down"));
    this.input.value = "";
    this.fit();
    clearTimeout(this.ending); // a message says by itself that its writer has paused
    this.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return; // an unfinished Korean syllable
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.target) {
      event.stopPropagation();
      this.whisperTo(null);
    }
  }

  private typed(): void {
    this.fit();
    clearTimeout(this.ending);
    if (this.target || !this.input.value.trim()) return this.events.typing(false);
    this.events.typing(true);
    this.ending = setTimeout(() => this.stopTyping(), kTypingEndsMs);
  }

  private stopTyping(): void {
    clearTimeout(this.ending);
    this.events.typing(false);
  }

  private fit(): void {
    this.input.style.height = "auto";
    const { scrollHeight } = this.input; // nothing while the room is hidden
    if (scrollHeight) this.input.style.height = `${Math.min(scrollHeight, kTallestPx)}px`;
  }

  private drawTarget(): void {
    this.chip.hidden = !this.target;
    this.form.toggleAttribute("data-whisper", Boolean(this.target));
    if (!this.target) return this.chip.replaceChildren();
    const close = make("button", { type: "button", label: say("cancel"), text: "×", on: { click: () => (this.whisperTo(null), this.focus()) } });
    this.chip.replaceChildren(make("span", { text: say("whisper_to", { name: this.target.nickname }) }), close);
  }

  private async pictures(files: File[], event?: Event): Promise<void> {
    if (files.length) event?.preventDefault();
    for (const file of files) {
      const draft = await pictureDraft(file);
      if (failed(draft)) notify(sayFailure(draft.error));
      else if (!this.events.post(draft)) notify(sayFailure("slow_down"));
    }
  }

  private takeDrops(): void {
    const over = (on: boolean) => this.stage.toggleAttribute("data-drop", on);
    this.stage.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    this.stage.addEventListener("dragleave", (event) => !this.stage.contains(event.relatedTarget as Node | null) && over(false));
    this.stage.addEventListener("drop", (event) => {
      over(false);
      event.preventDefault();
      void this.pictures([...(event.dataTransfer?.files ?? [])]);
    });
  }
}
