// Several clients of one namespace, everything that they hear, and a way to know that nothing is on its way any more.
import { ask, collect, connectClient, kBoth, kPolling, kWebSocket } from "./client.mjs";
import { until } from "./suite.mjs";

const kMixed = [kWebSocket, kPolling, kBoth];
let markers = 0;

export class Crowd {
  // Connected, each with a log of its own; on mixed transports unless told.
  static async gather(context, count, { namespace = "/checks", transports, ...options } = {}) {
    const crowd = new Crowd();
    const all = Array.from({ length: count }, (_, i) => connectClient(context, { transports: transports ?? kMixed[i % kMixed.length], ...options }, namespace));
    crowd.sockets = await Promise.all(all);
    crowd.logs = crowd.sockets.map(collect);
    return crowd;
  }

  // One sender's messages keep their order: when its marker has come to everybody, all before it has.
  async settle(sender = this.sockets.at(-1)) {
    const marker = `marker ${markers++}`;
    await Promise.all(this.sockets.map((socket) => ask(sender, "send", { to: [socket.id] }, marker, 0)));
    await until(() => this.logs.every((log) => log.some(([name]) => name === marker)), "the markers");
  }

  // How often each has heard it.
  counts(name) {
    return this.logs.map((log) => log.filter(([one]) => one === name).length);
  }

  // The first values that each has heard under this name.
  heard(name) {
    return this.logs.map((log) => log.filter(([one]) => one === name).map(([, value]) => value));
  }
}
