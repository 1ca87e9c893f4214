// The `interop` profile on npm's Socket.IO: the oracle of ../PROFILE.md. `interop-options.mjs` is the same with other options.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { serveChecks } from "./checks.mjs";
import { serveDynamic } from "./dynamic.mjs";
import { answerWho, roomEvents } from "./room_events.mjs";

const kKept = 100;

export function start(port, { deflate = false, parser } = {}, options = {}) {
  const http = createServer(answer);
  const io = new Server(http, { connectTimeout: 1000, perMessageDeflate: deflate, parser, ...options });
  const ended = [];

  function answer(request, response) {
    const url = new URL(request.url, "http://localhost");
    if (request.method === "GET" && url.pathname === "/") return response.end("interop");
    if (request.method !== "POST" || url.pathname !== "/announce") return response.writeHead(404).end();
    let body = "";
    request.setEncoding("utf8").on("data", (part) => (body += part));
    request.on("end", () => {
      io.to(url.searchParams.get("room")).emit("announced", body);
      response.setHeader("content-type", "application/json").end('{"ok":true}');
    });
  }

  io.on("connection", (socket) => {
    const count = { received: 0, errors: 0, sent: 0 };
    const names = [];
    socket.onAny((name) => names.push(name) > kKept && names.shift());
    socket.emit("hello", socket.id, socket.handshake.auth);
    roomEvents(io.of("/"), socket);

    socket.on("echo", (value, ack) => ack(value));
    socket.on("mirror", (a, b) => socket.emit("mirror", a, b));
    socket.on("ask", (event, data, ack) =>
      socket.timeout(5000).emit(event, data, (error, value) => ack(error ? { error: "timeout" } : value)));
    socket.on("ask_all", (room, event, data, ms, ack) =>
      io.to(room).timeout(ms).emit(event, data, (error, responses) => ack({ responses, timeout: Boolean(error) })));
    socket.on("number", (i) => {
      if (i !== count.received) count.errors++;
      count.received = i + 1;
      socket.emit("number", count.sent++);
    });
    socket.on("burst", (n, size) => {
      const padding = "x".repeat(size);
      for (let i = 0; i < n; i++) socket.emit("number", count.sent++, padding);
    });
    socket.on("totals", (ack) => ack(count));
    socket.on("seen", (ack) => ack(names));
    socket.on("ended", (ack) => ack(ended));
    socket.on("strict", (integer, text, ack) => {
      const good = Number.isInteger(integer) && typeof text === "string";
      return good ? ack(integer + 1, text) : ack({ error: "bad arguments", event: "strict" });
    });
    socket.on("disconnecting", (reason) => {
      const rooms = [...socket.rooms].filter((room) => room !== socket.id).sort();
      if (ended.push({ id: socket.id, reason, rooms }) > kKept) ended.shift();
    });
  });

  io.of("/custom").on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
    socket.on("echo", (value, ack) => ack(value));
  });

  const guarded = io.of("/guarded");
  guarded.use((socket, next) =>
    next(socket.handshake.auth.token === "sesame" ? undefined : refusal("not authorized", { code: 401 })));
  guarded.use((socket, next) => next(socket.handshake.auth.name ? undefined : refusal("no name")));
  guarded.on("connection", (socket) => socket.emit("granted", socket.handshake.auth.name));

  const later = io.of("/later");
  later.use((socket, next) => setTimeout(() => next(socket.handshake.auth.refuse ? refusal("too late") : undefined), 20));
  later.on("connection", (socket) => socket.emit("ready"));

  const undone = io.of("/room-undone");
  undone.use((socket, next) => (socket.join("waiting"), next(socket.handshake.auth.refuse ? refusal("no") : undefined)));
  undone.on("connection", (socket) => answerWho(undone, socket));

  serveChecks(io);
  serveDynamic(io);
  http.listen(port);
  return io;
}

function refusal(message, data) {
  const error = new Error(message);
  if (data) error.data = data;
  return error;
}
