// The `engineio` profile: an echo on the raw Engine.IO server, short pings, any origin.
import { createServer } from "node:http";
import { Server } from "engine.io";

export function start(port) {
  const engine = new Server({ pingInterval: 300, pingTimeout: 200, maxHttpBufferSize: 1e6, cors: { origin: "*" } });
  engine.on("connection", (socket) => socket.on("data", (data) => socket.send(data)));
  const http = createServer((request, response) => response.writeHead(404).end());
  engine.attach(http, { path: "/engine.io/" });
  http.listen(port);
}
