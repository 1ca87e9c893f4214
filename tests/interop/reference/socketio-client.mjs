// The `socketio-client` profile: what socket.io-client's own tests expect to talk to.
import { Server } from "socket.io";

const kEightBytes = Buffer.from("asdfasdf");
const isMixed = (value) => value.hello === "lol" && Buffer.isBuffer(value.message) && value.goodbye === "gotcha";

export function start(port) {
  const io = new Server(port, {
    pingInterval: 2000,
    connectionStateRecovery: {},
    allowRequest: (request, decide) => setTimeout(() => decide(null, true), 10),
  });
  io.use((socket, next) => next(socket.handshake.query.fail ? new Error("Auth failed (main namespace)") : undefined));
  io.on("connection", (socket) => {
    serveValues(socket);
    serveBinary(socket);
    serveId(socket);
  });
  io.of("/foo").on("connection", serveId);
  for (const name of ["/timeout_socket", "/valid", "/asd"]) io.of(name);
  io.of("/abc").on("connection", (socket) => socket.emit("handshake", socket.handshake));
  io.of("/no").use((socket, next) => next(new Error("Auth failed (custom namespace)")));
}

const serveId = (socket) => socket.on("getId", (ack) => ack(socket.id));

function serveValues(socket) {
  socket.on("hi", () => socket.emit("hi"));
  socket.on("echo", (value, ack) => ack(value));
  socket.on("ack", () => socket.emit("ack", (a, b) => a === 5 && b.test && socket.emit("got it")));
  socket.on("getAckDate", (data, ack) => ack(new Date()));
  socket.on("getDate", () => socket.emit("takeDate", new Date()));
  socket.on("getDateObj", () => socket.emit("takeDateObj", { date: new Date() }));
  socket.on("getUtf8", () => {
    for (const text of ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"]) socket.emit("takeUtf8", text);
  });
  socket.on("false", () => socket.emit("false", false));
  socket.on("getHandshake", (ack) => ack(socket.handshake));
}

function serveBinary(socket) {
  const arrived = new Set();
  socket.on("doge", () => socket.emit("doge", kEightBytes));
  socket.on("getbin", () => socket.emit("takebin", kEightBytes));
  socket.on("buffa", (a) => Buffer.isBuffer(a) && socket.emit("buffack"));
  socket.on("jsonbuff", (value) => isMixed(value) && socket.emit("jsonbuff-ack"));
  socket.on("abuff1", (a) => Buffer.isBuffer(a) && arrived.add("abuff1"));
  socket.on("abuff2", () => arrived.has("abuff1") && socket.emit("abuff2-ack"));
  socket.on("blob", (a) => Buffer.isBuffer(a) && socket.emit("back"));
  socket.on("jsonblob", (value) => isMixed(value) && socket.emit("jsonblob-ack"));
  socket.on("blob1", (a) => Buffer.isBuffer(a) && arrived.add("blob1"));
  socket.on("blob2", (a) => arrived.has("blob1") && a === "second" && arrived.add("blob2"));
  socket.on("blob3", (a) => arrived.has("blob2") && Buffer.isBuffer(a) && socket.emit("blob3-ack"));
}
