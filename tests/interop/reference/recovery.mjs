// The `recovery` profile on npm's Socket.IO: the oracle of ../recovery.mjs.
import { createServer } from "node:http";
import { Server } from "socket.io";
import * as msgpack from "socket.io-msgpack-parser";

function argument(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

export function start(port) {
  const http = createServer();
  const io = new Server(http, {
    ...(process.argv.includes("msgpack") ? { parser: msgpack } : {}),
    pingInterval: argument("--ping-interval", 25) * 1000,
    pingTimeout: argument("--ping-timeout", 20) * 1000,
    connectionStateRecovery: {
      maxDisconnectionDuration: argument("--window", 120) * 1000,
      skipMiddlewares: !process.argv.includes("--ask-gates-again"),
    },
  });
  for (const nsp of [io.of("/"), io.of("/second")]) {
    nsp.use((socket, next) => {
      if (socket.handshake.auth.refuse) return next(new Error("refused"));
      nsp.to("watchers").emit("gate", socket.recovered);
      next();
    });
    nsp.on("connection", (socket) => serve(nsp, socket));
  }
  http.listen(port);
}

function serve(nsp, socket) {
  socket.data.name ??= "";
  socket.data.score ??= 0;
  socket.on("disconnect", (reason) => nsp.to("watchers").emit("gone", socket.id, reason));
  socket.on("join", (rooms, ack) => (socket.join(rooms), ack()));
  socket.on("set", (name, score, ack) => (Object.assign(socket.data, { name, score }), ack()));
  socket.on("state", (ack) => ack({ recovered: socket.recovered, id: socket.id, rooms: [...socket.rooms].sort(), data: socket.data }));
  socket.on("send", ({ to = [], except = [], volatile = false }, event, data, ack) => {
    const target = nsp.to(to).except(except);
    (volatile ? target.volatile : target).emit(event, data);
    ack();
  });
  socket.on("count", (room, from, to, ack) => {
    for (let i = from; i < to; i++) nsp.to(room).emit("number", i);
    ack();
  });
  socket.on("mixed", (i, ack) => (socket.emit("before", i), ack(i), socket.emit("after", i)));
  socket.on("ask", (text, ack) => socket.emit("question", text, (answer) => ack(answer)));
}
