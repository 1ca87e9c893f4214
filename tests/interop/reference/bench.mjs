// The Socket.IO part of the `bench` profile: `join`, `echo`, `msg`. Its bare WebSocket and HTTP doors are not Socket.IO's.
import { Server } from "socket.io";

export function start(port, { parser } = {}) {
  const io = new Server(port, { parser });
  io.on("connection", (socket) => {
    socket.on("join", async (room, ack) => (await socket.join(room), ack()));
    socket.on("echo", (text, ack) => ack(text));
    socket.on("msg", ({ room, payload }) => io.to(room).emit("msg", payload));
  });
}
