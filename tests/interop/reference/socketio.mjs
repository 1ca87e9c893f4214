// The `socketio` profile: what a Socket.IO protocol suite expects to talk to.
import { Server } from "socket.io";

export function start(port, { parser } = {}) {
  const io = new Server(port, { pingInterval: 300, pingTimeout: 200, connectTimeout: 1000, cors: { origin: "*" }, parser });
  io.on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
    socket.on("message", (...values) => socket.emit("message-back", ...values));
    socket.on("message-with-ack", (...values) => values.pop()(...values));
  });
  io.of("/custom").on("connection", (socket) => socket.emit("auth", socket.handshake.auth));
  return io;
}
