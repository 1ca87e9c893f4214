// Namespaces with fixed handlers that the checklist's tests talk to: /checks, /catch-all, /inspected, /ordered, /twice, /closing.
import { roomEvents, selected } from "./room_events.mjs";

const kKept = 100;
const kQuietMs = 50;

export function serveChecks(io) {
  serveEvents(io);
  serveCatchAll(io.of("/catch-all"));
  serveInspected(io.of("/inspected"));
  serveOrdered(io.of("/ordered"));
  serveTwice(io);
  serveClosing(io);
}

function serveEvents(io) {
  const checks = io.of("/checks");
  const left = [];
  const held = { waiting: [], connections: 0 };
  io.of("/held").use((socket, next) => held.waiting.push(next));
  io.of("/held").on("connection", () => held.connections++);
  checks.on("connection", (socket) => {
    serveHeld(held, socket);
    roomEvents(checks, socket);
    serveQuestions(checks, socket);
    socket.on("echo", (value, ack) => ack(value));
    socket.on("message", (value) => socket.send(value));
    socket.on("all_same", (...all) => socket.emit("all_same", ...all));
    socket.on("all_back", (...all) => all.pop()(...all));
    socket.on("leave_several", (rooms, ack) => (rooms.forEach((room) => socket.leave(room)), ack()));
    socket.on("leave_then_join", (room) => (socket.disconnect(), socket.join(room)));
    socket.on("all_join", (room, other, ack) => (selected(checks, room).socketsJoin(other), ack()));
    socket.on("all_leave", (room, other, ack) => (selected(checks, room).socketsLeave(other), ack()));
    socket.on("room_names", (ack) => ack([...checks.adapter.rooms.keys()].sort()));
    socket.on("send_message", (value) => checks.send(value));
    socket.on("same_target", (rooms, ack) => (sendFromOne(checks, rooms), ack()));
    socket.on("emit_reserved", (name, ack) => ack([thrown(() => socket.emit(name)), thrown(() => checks.emit(name))]));
    socket.on("sequence", (steps, binary) => setTimeout(() => sequence(checks, socket, steps, binary), kQuietMs));
    socket.on("handshake", (ack) => ack(handshake(socket)));
    socket.on("transport", (ack) => ack({ transport: socket.conn.transport.name, protocol: socket.conn.protocol, address: socket.conn.remoteAddress }));
    socket.on("left", (ack) => ack(left));
    socket.on("disconnect", () => left.push({ id: socket.id, rooms: [...socket.rooms] }) > kKept && left.shift());
  });
}

// Middleware that decides when it is told to.
function serveHeld(held, socket) {
  socket.on("held", (ack) => ack({ waiting: held.waiting.length, connections: held.connections }));
  socket.on("release", (ack) => {
    const released = held.waiting.splice(0);
    released.forEach((next) => next());
    ack(released.length);
  });
}

function serveQuestions(checks, socket) {
  socket.on("ask_within", async (how, ms, event, data, ack) => {
    const asked = socket.timeout(ms);
    if (how === "callback") return asked.emit(event, data, (error, value) => ack(error ? { error: "timeout" } : { value }));
    ack(await asked.emitWithAck(event, data).then((value) => ({ value }), () => ({ error: "timeout" })));
  });
  socket.on("ask_all_within", async (how, room, ms, event, data, ack) => {
    const asked = selected(checks, room).timeout(ms);
    const answer = (error, responses) => ack({ responses, timeout: Boolean(error) });
    if (how === "callback") return asked.emit(event, data, answer);
    await asked.emitWithAck(event, data).then((responses) => answer(null, responses), (error) => answer(error, error.responses));
  });
}

// From one target several are made, and then it is used itself.
function sendFromOne(checks, rooms) {
  const [one, two, three, four] = rooms;
  const operator = checks.local.compress(false).to([one, two]).except(three);
  operator.compress(true).emit("other", 1);
  operator.volatile.emit("hasty", 2);
  operator.to(four).emit("wider", 3);
  operator.except(one).emit("narrower", 4);
  operator.emit("itself", 5);
}

// r: to this socket; v: the same, volatile; b and w: the same by a broadcast to it. Each carries its index. Then `sequence end`, plain.
function sequence(checks, socket, steps, binary) {
  const targets = {
    r: () => socket,
    v: () => socket.volatile,
    b: () => checks.to(socket.id),
    w: () => checks.to(socket.id).volatile,
  };
  [...steps].forEach((step, i) => targets[step]().emit("step", i, binary ? Buffer.from([i, 2, 3]) : "data"));
  socket.emit("sequence end");
}

function thrown(act) {
  try {
    act();
    return null;
  } catch (error) {
    return error.message;
  }
}

function handshake({ handshake: { headers, query, auth, url, address, secure, xdomain, issued, time } }) {
  return { agent: headers["x-agent"] ?? null, cookie: headers.cookie ?? null, query, auth, url, address, secure, xdomain, issued, time };
}

// What the catch-alls heard, in order, as [listener, event, first argument].
function serveCatchAll(catchAll) {
  catchAll.on("connection", (socket) => {
    const heard = [];
    const listener = (name) => (event, value) => event !== "heard" && heard.push([name, event, value]);
    const [removed, removedOutgoing] = [listener("removed"), listener("removed, out")];
    socket.onAny(listener("in"));
    socket.prependAny(listener("in, second"));
    socket.prependAny(listener("in, first"));
    socket.onAny(removed);
    socket.offAny(removed);
    socket.onAnyOutgoing(listener("out"));
    socket.prependAnyOutgoing(listener("out, second"));
    socket.prependAnyOutgoing(listener("out, first"));
    socket.onAnyOutgoing(removedOutgoing);
    socket.offAnyOutgoing(removedOutgoing);
    socket.on("heard", (ack) => ack(heard));
    socket.on("tell", (value, ack) => (socket.emit("told", value), ack("told")));
    socket.on("tell_all", (value, ack) => (catchAll.to(socket.id).emit("told", value), ack("told")));
    socket.on("ask", (value, ack) => socket.emit("question", value, (answer) => ack(answer)));
  });
}

// Two middlewares of each socket: the first writes down and refuses `forbidden`, the second writes down.
function serveInspected(inspected) {
  inspected.on("connection", (socket) => {
    const [seen, errors] = [[], []];
    socket.use((packet, next) => (seen.push(["first", ...packet.slice(0, 2)]), next(packet[0] === "forbidden" ? new Error("not that") : undefined)));
    socket.use((packet, next) => (seen.push(["second", packet[0]]), setTimeout(next, packet[0] === "slow" ? 20 : 0)));
    for (const name of ["slow", "quick", "forbidden"]) socket.on(name, (value) => seen.push(["handler", name, value]));
    socket.on("error", (error) => errors.push(error.message));
    socket.on("log", (ack) => ack(seen.filter(([, event]) => event !== "log"), errors));
  });
}

function serveOrdered(ordered) {
  for (const number of [1, 2, 3]) {
    ordered.use((socket, next) => {
      socket.data.steps = [...(socket.data.steps ?? []), number];
      socket.data.connected = [...(socket.data.connected ?? []), socket.connected];
      setTimeout(next, 10);
    });
  }
  ordered.on("connection", (socket) => socket.emit("ordered", socket.data.steps, [...socket.data.connected, socket.connected]));
}

function serveTwice(io) {
  const twice = io.of("twice"); // without its slash
  twice.on("connection", (socket) => socket.emit("first", twice.name));
  twice.on("connection", (socket) => {
    socket.emit("second", io.of("").name);
    socket.on("hi", (letter) => socket.emit("heard", letter));
    socket.on("hi", () => socket.emit("heard again"));
  });
}

// `close_server` closes the whole server; every end of a socket is written to the output.
function serveClosing(io) {
  io.of("/closing").on("connection", (socket) => {
    socket.on("close_server", () => io.close());
    socket.on("disconnect", (reason) => console.log(`ended: ${reason}`));
  });
}
