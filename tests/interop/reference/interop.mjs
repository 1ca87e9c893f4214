// The `interop` profile on npm's Socket.IO: the oracle of ../PROFILE.md.
import { createServer } from "node:http";
import { Server } from "socket.io";

const kKept = 100;

export function start(port, { deflate = false } = {}) {
  const http = createServer(answer);
  const io = new Server(http, { connectTimeout: 1000, perMessageDeflate: deflate });
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

    socket.on("echo", (value, ack) => ack(value));
    socket.on("mirror", (a, b) => socket.emit("mirror", a, b));
    socket.on("join", async (rooms, ack) => (await socket.join(rooms), ack()));
    socket.on("leave", async (room, ack) => (await socket.leave(room), ack()));
    socket.on("rooms", (ack) => ack([...socket.rooms].sort()));
    socket.on("send", (how, event, data, ack) => (target(socket, how).emit(event, data), ack()));
    socket.on("ask", (event, data, ack) =>
      socket.timeout(5000).emit(event, data, (error, value) => ack(error ? { error: "timeout" } : value)));
    socket.on("ask_all", (room, event, data, ms, ack) =>
      io.to(room).timeout(ms).emit(event, data, (error, responses) => ack({ responses, timeout: Boolean(error) })));
    socket.on("who", async (room, ack) => ack(await who(io.of("/"), room)));
    socket.on("move", (room, other, ack) => (io.in(room).socketsJoin(other), io.in(room).socketsLeave(room), ack()));
    socket.on("throw_out", (room, close) => io.in(room).disconnectSockets(close));
    socket.on("disconnect_me", (close) => socket.disconnect(close));
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

  function target(socket, { from = "io", to = [], except = [], volatile = false, local = false }) {
    let operator = from === "socket" ? socket.broadcast : io.to([]);
    if (to.length) operator = operator.to(to);
    if (except.length) operator = operator.except(except);
    if (volatile) operator = operator.volatile;
    return local ? operator.local : operator;
  }

  async function who(namespace, room) {
    const sockets = await (room ? namespace.in(room) : namespace).fetchSockets();
    return sockets.map((one) => one.id).sort();
  }

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
  undone.on("connection", (socket) => socket.on("who", async (room, ack) => ack(await who(undone, room))));

  http.listen(port);
}

function refusal(message, data) {
  const error = new Error(message);
  if (data) error.data = data;
  return error;
}
