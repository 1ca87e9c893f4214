// The `socketio-extra` profile: `socketio`, and a question back.
import { start as startSocketIo } from "./socketio.mjs";

export function start(port, options) {
  const io = startSocketIo(port, options);
  for (const name of ["/", "/custom"]) {
    io.of(name).on("connection", (socket) => {
      socket.on("emit-with-ack", (...values) => {
        socket.emit("emit-with-ack", ...values, (...answer) => socket.emit("emit-with-ack", ...answer));
      });
    });
  }
}
