// Publishes numbered messages by every door in turn, one turn after the other, and notes which were answered. What was
// not, it gives up or publishes again with the same keys.
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { pause, within } from "./suite.mjs";

export const kEvents = ["goal", "card"];
const kAnswerMs = 15_000;
const kIdsOfOne = 10_000_000;

// The number of a message, whatever kind of data it has.
export function idOf({ data, text, base64 }) {
  if (data) return data.id;
  return Number(text ?? Buffer.from(base64, "base64").toString());
}

export class HoppingPublisher {
  constructor(server, channel, number, random, count) {
    Object.assign(this, { server, channel, random, left: count, next: number * kIdsOfOne, name: `publisher ${number}` });
    this.answered = [];
    this.unanswered = new Set();
    this.path = `/channels/${encodeURIComponent(channel)}`;
  }

  async run() {
    const ways = [["body", 1], ["batch", 60], ["webSocket", 30], ["socketIo", 20]];
    while (this.left > 0) {
      const [way, most] = this.random.pick(ways);
      const letters = Array.from({ length: Math.min(this.left, this.random.between(1, most)) }, () => this.letter());
      this.left -= letters.length;
      await this.turn(way, letters);
    }
    this.close();
  }

  letter() {
    const id = this.next++;
    const event = this.random.below(4) ? undefined : this.random.pick(kEvents);
    return { id, kind: this.random.below(3), event, key: `key-${id}` };
  }

  // Until it is answered, or given up. Several in flight are never sent again: their order would not be theirs.
  async turn(way, letters) {
    for (;;) {
      const answered = await this[way](letters).catch(() => 0);
      if (answered < letters.length) this.close();
      const isAll = answered === letters.length;
      const mayRepeat = way === "body" || way === "batch";
      if (isAll || !mayRepeat || this.random.below(2)) {
        letters.forEach(({ id }, i) => (i < answered ? this.answered.push(id) : this.unanswered.add(id)));
        if (!isAll) await pause(20);
        return;
      }
      await pause(20);
    }
  }

  async post(body, type, fields = {}) {
    const response = await fetch(this.server.url + this.path, { method: "POST", body, headers: { "content-type": type, ...fields }, signal: AbortSignal.timeout(kAnswerMs) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${response.status} ${answer.error}`);
    return answer;
  }

  async body([{ id, kind, event, key }]) {
    const body = [JSON.stringify({ id }), String(id), Buffer.from(String(id))][kind];
    await this.post(body, ["application/json", "text/plain", "application/octet-stream"][kind], { "idempotency-key": key, ...(event ? { "naru-event": event } : {}) });
    return 1;
  }

  async batch(letters) {
    const lines = letters.map((letter) => JSON.stringify(publication(letter)) + "\n");
    const { results } = await this.post(lines.join(""), "application/x-ndjson");
    const wrong = results.find(({ error }) => error);
    if (wrong || results.length !== letters.length) throw new Error(wrong?.error ?? `${results.length} results`);
    return letters.length;
  }

  async webSocket(letters) {
    const socket = await this.openWebSocket();
    let answered = 0;
    await within(kAnswerMs, new Promise((resolve) => {
      socket.onclose = resolve;
      socket.onmessage = ({ data }) => {
        const { published, id } = JSON.parse(data);
        if (!published || id !== letters[answered].id) return;
        if (++answered === letters.length) resolve();
      };
      for (const letter of letters) socket.send(JSON.stringify({ publish: publication(letter), id: letter.id }));
    })).catch(() => {});
    return answered;
  }

  async openWebSocket() {
    if (this.socket?.readyState === WebSocket.OPEN) return this.socket;
    this.socket = new WebSocket(`${this.server.url.replace("http", "ws")}${this.path}`);
    await within(kAnswerMs, new Promise((resolve, reject) => Object.assign(this.socket, { onopen: resolve, onerror: reject })));
    return this.socket;
  }

  async socketIo(letters) {
    this.io ??= io(`${this.server.url}/channels`, { forceNew: true, reconnection: false, transports: [this.random.pick(["polling", "websocket"])] });
    const socket = this.io;
    let answered = 0;
    await within(kAnswerMs, new Promise((resolve) => {
      socket.once("disconnect", resolve).once("connect_error", resolve);
      if (socket.disconnected && !socket.active) resolve();
      for (const letter of letters) {
        socket.emit("publish", { channel: this.channel, ...publication(letter) }, ({ error }) => {
          if (error) return resolve();
          if (++answered === letters.length) resolve();
        });
      }
    })).catch(() => {});
    socket.off("disconnect").off("connect_error");
    return answered;
  }

  close() {
    this.socket?.terminate();
    this.io?.disconnect();
    this.socket = this.io = undefined;
  }
}

function publication({ id, kind, event, key }) {
  const data = [{ data: { id } }, { text: String(id) }, { base64: Buffer.from(String(id)).toString("base64"), type: "application/octet-stream" }][kind];
  return { ...data, ...(event ? { event } : {}), idempotency_key: key };
}
