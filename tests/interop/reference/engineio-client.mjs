// The `engineio-client` profile on npm's engine.io.
import { createServer } from "node:http";
import { Server } from "engine.io";

export function start(port) {
  const engine = new Server({
    pingInterval: 500,
    maxHttpBufferSize: 100,
    allowRequest: (request, done) => done(null, !new URL(request.url, "http://localhost").searchParams.has("deny")),
  });
  engine.on("initial_headers", (headers) => {
    headers["set-cookie"] = [
      "1=1; Max-Age=86400",
      "2=2; Path=/; HttpOnly; Secure; SameSite=Strict",
      "3=3; Max-Age=0",
      `4=4; Expires=${new Date().toUTCString()}`,
    ];
  });
  engine.on("connection", (socket) => {
    socket.send("hi");
    socket.on("message", (data) => {
      if (data === "give binary") return socket.send(new Int8Array([0, 1, 2, 3, 4]));
      if (data === "give utf8") return socket.send("пойду спать всем спокойной ночи");
      if (data === "sendHeaders") return socket.send(JSON.stringify(socket.transport?.dataReq?.headers));
      socket.send(data);
    });
  });
  const http = createServer((request, response) => response.writeHead(404).end());
  engine.attach(http);
  http.listen(port);
}
