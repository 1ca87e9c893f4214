// The live list of rooms.
import type { Socket } from "socket.io-client";
import { ask } from "./connection";
import { kRoomFields, openDialog } from "./dialogs";
import { find, icon, make } from "./dom";
import { failed, type Room } from "./protocol";
import { onLanguage } from "./language";
import { ago, say, sayFailure } from "./texts";

const kRefreshMs = 60_000; // "5 minutes ago" grows old

export class LobbyView {
  private rooms = new Map<string, Room>();
  private items = new Map<string, HTMLElement>();
  private list = find("#rooms");
  private current: string | null = null;

  constructor(private socket: Socket) {
    socket.on("rooms", (rooms: Room[]) => {
      this.rooms = new Map(rooms.map((room) => [room.id, room]));
      this.draw();
    });
    socket.on("room", (room: Room) => {
      this.rooms.set(room.id, room);
      this.draw();
    });
    socket.on("room_gone", ({ id }: { id: string }) => this.rooms.delete(id) && this.draw());
    find("#create").addEventListener("click", () => this.create());
    onLanguage(() => this.draw());
    setInterval(() => this.draw(), kRefreshMs);
    this.draw();
  }

  room(id: string): Room | undefined {
    return this.rooms.get(id);
  }

  // Marks the room that is open.
  mark(id: string | null): void {
    this.current = id;
    this.draw();
  }

  private create(): void {
    openDialog({
      title: say("create_title"), fields: kRoomFields, agree: "launch",
      act: async ({ title = "", capacity = "", password = "" }) => {
        const wish = { title: title.trim(), capacity: Number(capacity), ...(password ? { password } : {}) };
        const answer = await ask<{ room: Room }>(this.socket, "create_room", wish);
        if (failed(answer)) return sayFailure(answer.error);
        location.hash = answer.room.id;
        return null;
      },
    });
  }

  // Items are kept and moved, so that focus and hover survive a change of order.
  private draw(): void {
    const lively = (room: Room) => room.last?.time ?? room.created;
    const rooms = [...this.rooms.values()].sort((a, b) => lively(b) - lively(a));
    const focused = document.activeElement;
    const items = rooms.map((room) => this.item(room));
    for (const [id, item] of this.items) {
      if (this.rooms.has(id)) continue;
      item.remove();
      this.items.delete(id);
    }
    items.forEach((item, i) => this.list.children[i] !== item && this.list.insertBefore(item, this.list.children[i] ?? null));
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.list.contains(focused)) focused.focus();
    find("#no-rooms").hidden = rooms.length > 0 || !this.socket.connected;
  }

  private item(room: Room): HTMLElement {
    const item = this.items.get(room.id) ?? make("li", {}, make("a", { class: "boat", href: `#${room.id}` }));
    this.items.set(room.id, item);
    const link = item.firstElementChild as HTMLElement;
    const here = room.id === this.current;
    link.toggleAttribute("data-here", here);
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const seats = make("span", { class: "seats", text: say("seats", { count: room.people, capacity: room.capacity }) });
    seats.toggleAttribute("data-full", room.people >= room.capacity);
    seats.toggleAttribute("data-lively", room.people > 0);
    const lock = room.locked && make("span", { class: "lock", role: "img", label: say("locked") }, icon("lock"));
    link.replaceChildren(
      make("span", { class: "boat-title" }, make("b", { text: room.title }), lock || null),
      seats,
      make("span", { class: "boat-last", text: lastLine(room) }),
      make("span", { class: "boat-time", text: room.last ? ago(room.last.time) : "" }));
    return item;
  }
}

function lastLine({ last, locked }: Room): string {
  if (!last) return say(locked ? "behind_door" : "quiet");
  return `${last.nickname}: ${last.kind === "picture" ? say("last_picture") : last.text ?? ""}`;
}
