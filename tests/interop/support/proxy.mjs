// A way to the server that can be cut: every connection through it ends at once, for both ends.
import { connect, createServer } from "node:net";
import { once } from "node:events";

export class Proxy {
  static async open(target) {
    const proxy = new Proxy();
    proxy.pairs = new Set();
    proxy.listener = createServer((near) => proxy.join(near, connect(target, "localhost"))).listen(0, "localhost");
    await once(proxy.listener, "listening");
    proxy.url = `http://localhost:${proxy.listener.address().port}`;
    return proxy;
  }

  join(near, far) {
    const pair = [near, far];
    this.pairs.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", () => (to.destroy(), this.pairs.delete(pair)));
    }
  }

  cut() {
    for (const pair of this.pairs) pair.forEach((socket) => socket.resetAndDestroy());
  }

  close() {
    this.cut();
    this.listener.close();
  }
}
