// Rooms and targets, for the sockets of a namespace: join, leave, rooms, send, who, move, throw_out, disconnect_me.
export function roomEvents(namespace, socket) {
  socket.on("join", async (rooms, ack) => (await socket.join(rooms), ack()));
  socket.on("leave", async (room, ack) => (await socket.leave(room), ack()));
  socket.on("rooms", (ack) => ack([...socket.rooms].sort()));
  socket.on("send", (how, event, data, ack) => (target(namespace, socket, how).emit(event, data), ack()));
  socket.on("move", (room, other, ack) => {
    namespace.in(room).socketsJoin(other);
    namespace.in(room).socketsLeave(room);
    ack();
  });
  socket.on("throw_out", (room, close) => selected(namespace, room).disconnectSockets(close));
  socket.on("disconnect_me", (close) => socket.disconnect(close));
  answerWho(namespace, socket);
}

export function answerWho(namespace, socket) {
  socket.on("who", async (room, ack) => {
    const sockets = await selected(namespace, room).fetchSockets();
    ack(sockets.map((one) => one.id).sort());
  });
}

// An empty room means everybody.
export const selected = (namespace, room) => (room ? namespace.in(room) : namespace);

export function target(namespace, socket, { from = "io", to = [], except = [], volatile = false, local = false, compress = true }) {
  let operator = from === "socket" ? socket.broadcast : namespace.to([]);
  if (to.length) operator = operator.to(to);
  if (except.length) operator = operator.except(except);
  if (volatile) operator = operator.volatile;
  if (!compress) operator = operator.compress(false);
  return local ? operator.local : operator;
}
