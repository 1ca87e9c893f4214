// The `cluster` profile, with one server.
import { Server } from "socket.io";

export function start(port, { parser } = {}) {
  const io = new Server(port, { parser });
  io.on("connection", (socket) => {
    const hello = `hello from ${socket.id}`;
    socket.join(["room1", "room2", "room4", "room5"]);
    socket.on("broadcast", () => io.emit("broadcast", hello));
    socket.on("volatile_broadcast", () => io.volatile.emit("volatile_broadcast", hello));
    socket.on("broadcast_with_ack", async (ack) => ack(await io.timeout(5000).emitWithAck("broadcast_with_ack", null)));
    socket.on("disconnect_socket", () => io.disconnectSockets());
    socket.on("rooms", (ack) => ack([...io.of("/").adapter.rooms.keys()]));
    socket.on("fetch_sockets", async (ack) => ack((await io.fetchSockets()).map(({ id }) => ({ id, ns: "/" }))));
    socket.on("join_room", (ack) => (io.socketsJoin("room7"), ack(null)));
    socket.on("leave_room", (ack) => (io.socketsLeave("room4"), ack(null)));

    const remote = (event, act) => socket.on(event, async (id, ack) => act((await io.in(id).fetchSockets())[0], ack));
    remote("emit_from_remote_sock", (one, ack) => (one.emit("emit", hello), ack(null)));
    remote("emit_with_ack_from_remote_sock", async (one, ack) => ack(await one.timeout(5000).emitWithAck("emit", hello)));
    remote("join_room_from_remote_sock", (one, ack) => (one.join(hello), ack(null)));
    remote("leave_room_from_remote_sock", (one, ack) => (one.leave("room4"), ack(null)));
    remote("disconnect_remote_sock", (one, ack) => (one.disconnect(), ack(null)));
    remote("get_rooms_remote_sock", (one, ack) => ack([...one.rooms]));
  });
}
