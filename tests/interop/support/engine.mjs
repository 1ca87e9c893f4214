// Engine.IO v4 by hand: polling sessions and bare WebSockets, packet by packet.
import { WebSocket } from "ws";
import { request } from "./http.mjs";

export const kSeparator = "\x1e";

export class Polling {
  constructor(server, path = "/engine.io/") {
    this.server = server;
    this.path = path;
  }

  // Opens a session; the handshake object is also kept as `handshake`.
  async open(query = "") {
    const answer = await request(this.server, `${this.path}?EIO=4&transport=polling${query}`);
    if (answer.status !== 200) throw new Error(`handshake: ${answer.status} ${answer.body}`);
    this.handshake = JSON.parse(answer.body.slice(1));
    this.sid = this.handshake.sid;
    return this.handshake;
  }

  url() {
    return `${this.path}?EIO=4&transport=polling&sid=${this.sid}`;
  }

  get(options) {
    return request(this.server, this.url(), options);
  }

  post(body, options = {}) {
    return request(this.server, this.url(), { method: "POST", body, headers: { "content-type": "text/plain;charset=UTF-8" }, ...options });
  }

  // The packets of the next answer.
  async packets() {
    const answer = await this.get();
    if (answer.status !== 200) throw new Error(`GET: ${answer.status} ${answer.body}`);
    return answer.body.split(kSeparator);
  }

  // The next packet that is no heartbeat; pings are answered.
  async packet() {
    this.queue ??= [];
    while (!this.queue.length) {
      for (const packet of await this.packets()) {
        if (packet === "2") await this.post("3");
        else this.queue.push(packet);
      }
    }
    return this.queue.shift();
  }

  socketUrl() {
    return `ws://localhost:${this.server.port}${this.path}?EIO=4&transport=websocket&sid=${this.sid}`;
  }
}

// A WebSocket whose messages are read one after another: text as string, binary as Buffer.
export class Wire {
  static async open(server, path, options = {}) {
    const wire = new Wire(`ws://localhost:${server.port}${path}`, options);
    await wire.opened;
    return wire;
  }

  constructor(url, options = {}) {
    this.socket = new WebSocket(url, options);
    this.arrived = [];
    this.waiting = [];
    this.opened = new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.once("error", reject);
      this.socket.on("error", () => {});
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.closed.then(() => this.waiting.splice(0).forEach(({ reject }) => reject(new Error("the socket closed"))));
    this.socket.on("message", (data, binary) => this.take(binary ? data : data.toString()));
  }

  take(message) {
    const reader = this.waiting.shift();
    if (reader) reader.resolve(message);
    else this.arrived.push(message);
  }

  next() {
    if (this.arrived.length) return Promise.resolve(this.arrived.shift());
    if (this.socket.readyState > WebSocket.OPEN) return Promise.reject(new Error("the socket is closed"));
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  // The next message that is no heartbeat; pings are answered.
  async packet() {
    for (;;) {
      const message = await this.next();
      if (message !== "2") return message;
      this.send("3");
    }
  }

  send(data) {
    this.socket.send(data);
  }

  close() {
    this.socket.close();
  }
}

// A WebSocket-only session, its open packet already read into `handshake`.
export async function openWire(server, path = "/engine.io/") {
  const wire = await Wire.open(server, `${path}?EIO=4&transport=websocket`);
  wire.handshake = JSON.parse((await wire.next()).slice(1));
  return wire;
}

// How a refused WebSocket handshake was answered.
export function refusedUpgrade(server, path, options = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://localhost:${server.port}${path}`, options);
    socket.on("error", () => {});
    socket.on("open", () => (socket.terminate(), reject(new Error("the upgrade was accepted"))));
    socket.on("unexpected-response", (outgoing, answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part) => (body += part));
      answer.on("end", () => (outgoing.destroy(), resolve({ status: answer.statusCode, headers: answer.headers, body })));
    });
  });
}
