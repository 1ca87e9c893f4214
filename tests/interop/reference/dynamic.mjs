// Namespaces that come into being when a client asks for them: by a pattern, by a function, by a function that waits.
export function serveDynamic(io) {
  const created = {};
  const ends = {};
  io.on("new_namespace", ({ name }) => (created[name] = (created[name] ?? 0) + 1));

  const numbered = io.of(/^\/dynamic-\d+$/);
  numbered.use((socket, next) => next(socket.handshake.auth.refuse ? new Error("You shall not pass") : undefined));
  numbered.on("connection", (socket) => {
    socket.emit("in", socket.nsp.name);
    socket.on("join", async (room, ack) => (await socket.join(room), ack()));
    socket.on("echo", (value, ack) => ack(value));
    socket.on("disconnect", () => (ends[socket.nsp.name] = (ends[socket.nsp.name] ?? 0) + 1));
  });
  io.of("/dynamic-0"); // fits the pattern, but is made by hand

  io.of((name, auth, next) => next(null, name === "/by-function" && auth.open === true))
    .on("connection", (socket) => socket.emit("in", socket.nsp.name));

  // Lets two in at once, when both have asked.
  const waiting = [];
  io.of((name, auth, next) => {
    if (!name.startsWith("/race-")) return next(null, false);
    if (waiting.push(next) === 2) waiting.splice(0).forEach((go) => go(null, true));
  }).on("connection", (socket) => socket.on("tell", (value) => socket.nsp.emit("told", value)));

  io.of("/spy").on("connection", (socket) => {
    socket.on("created", (name, ack) => ack(created[name] ?? 0));
    socket.on("ends", (name, ack) => ack(ends[name] ?? 0));
    socket.on("tell_children", (room, event, data) => (room ? numbered.to(room) : numbered).emit(event, data));
    socket.on("fetch_parent", async (ack) => {
      const fetched = (async () => numbered.fetchSockets())();
      ack(await fetched.then(() => "sockets", (error) => error.message));
    });
  });
}
