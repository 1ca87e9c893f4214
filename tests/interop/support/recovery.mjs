// Clients that lose their connection and come back: packet by packet, or the official one.
import { until } from "./suite.mjs";
import { openWire } from "./engine.mjs";
import { connectClient, kWebSocket } from "./client.mjs";

// One connection in one namespace, packet by packet.
export class Raw {
  static async open(context, { pid, offset, auth = {}, nsp = "/" } = {}) {
    const raw = new Raw();
    raw.prefix = nsp === "/" ? "" : `${nsp},`;
    raw.wire = await openWire(context.server, "/socket.io/");
    context.after(() => raw.wire.socket.terminate());
    raw.events = [];
    raw.answers = new Map();
    raw.lastAck = 0;
    raw.wire.send(`40${raw.prefix}${JSON.stringify({ pid, offset, ...auth })}`);
    await raw.readConnect();
    raw.pump();
    return raw;
  }

  async readConnect() {
    for (;;) {
      const packet = await this.wire.packet();
      if (packet.startsWith("40")) return Object.assign(this, JSON.parse(packet.slice(2 + this.prefix.length)));
      this.take(packet);
    }
  }

  async pump() {
    try {
      for (;;) this.take(await this.wire.packet());
    } catch {
      this.isClosed = true;
    }
  }

  take(packet) {
    if (packet.startsWith("42")) {
      const body = packet.slice(2 + this.prefix.length);
      const values = JSON.parse(body.slice(body.indexOf("[")));
      if (typeof values.at(-1) === "string") this.offset = values.at(-1);
      this.events.push(values.slice(0, -1));
    } else if (packet.startsWith("43")) {
      const [, id, values] = packet.slice(2 + this.prefix.length).match(/^(\d+)(.*)$/s);
      this.answers.get(id)(JSON.parse(values)[0]);
    } else if (packet.startsWith("41")) {
      this.isLeft = true;
    }
  }

  ask(...values) {
    const id = String(this.lastAck++);
    const answer = new Promise((resolve) => this.answers.set(id, resolve));
    this.wire.send(`42${this.prefix}${id}${JSON.stringify(values)}`);
    return answer;
  }

  // The values of these events so far.
  of(name) {
    return this.events.filter(([one]) => one === name).map((values) => values[1]);
  }

  // Until the server knows: others see the socket leave.
  async cut() {
    this.wire.socket.terminate();
    await until(() => this.isClosed, "the end of the connection");
  }

  get position() {
    return { pid: this.pid, offset: this.offset };
  }
}

// The official client keeps what it hears while it is not connected, also when it comes back: what the server
// then sends once more it would hear twice. Its own fault; what is tested here is what is sent.
export const forgetful = (socket) => (socket.io.on("reconnect_attempt", () => (socket.receiveBuffer = [])), socket);
// Over one transport: closed or cut in the middle of an upgrade it may wait until its ping time-out.
export const returning = async (context, options) =>
  forgetful(await connectClient(context, { reconnection: true, reconnectionDelay: 10, transports: kWebSocket, ...options }));

// Somebody who is told who has gone, and through whom others speak.
export async function watch(context, nsp) {
  const watcher = await Raw.open(context, { nsp });
  await watcher.ask("join", ["watchers"]);
  watcher.gone = (sid) => until(() => watcher.of("gone").includes(sid), `the end of ${sid}`);
  return watcher;
}

export const cutAndWait = async (raw, watcher) => (await raw.cut(), await watcher.gone(raw.sid));
