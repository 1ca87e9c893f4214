// A way to a server that can be cut as networks do it: the client notices and the server does not.
//   const way = await Cuttable.to(server);     // clients use way.port
//   way.freeze();                              // the clients' ends are closed, the server's stay open, silent
import { createServer, connect } from "node:net";
import { once } from "node:events";

export class Cuttable {
  static async to(server) {
    const way = new Cuttable();
    way.pairs = new Set();
    way.listener = createServer((near) => way.join(near, connect(server.port, "localhost")));
    way.listener.listen(0, "localhost");
    await once(way.listener, "listening");
    way.port = way.listener.address().port;
    way.url = `http://localhost:${way.port}`;
    return way;
  }

  join(near, far) {
    const pair = { near, far };
    this.pairs.add(pair);
    near.on("data", (bytes) => pair.frozen || far.write(bytes));
    far.on("data", (bytes) => pair.frozen || pair.deaf || near.write(bytes));
    near.on("error", () => {}).on("close", () => pair.frozen || far.destroy());
    far.on("error", () => {}).on("close", () => (this.pairs.delete(pair), near.destroy()));
  }

  // What the server sends from now on is lost; the client does not know it.
  deafen() {
    for (const pair of this.pairs) pair.deaf = true;
  }

  freeze() {
    for (const pair of this.pairs) {
      pair.frozen = true;
      pair.near.destroy();
    }
  }

  close() {
    this.listener.close();
    for (const { near, far } of this.pairs) (near.destroy(), far.destroy());
  }
}
