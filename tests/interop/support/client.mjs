// The official client, made for tests: connected on return, closed after the test, no reconnection unless asked.
// With CLIENT=4.0 it is that version's.
import { parserNamed } from "./parsers.mjs";
import { within } from "./suite.mjs";

export const { io } = await import(process.env.CLIENT === "4.0" ? "socket.io-client-4.0" : "socket.io-client");

export const kPolling = ["polling"];
export const kWebSocket = ["websocket"];
export const kBoth = ["polling", "websocket"];

export function makeClient({ server, after, parser = process.env.PARSER }, options = {}, namespace = "/") {
  const socket = io(server.url + namespace, { forceNew: true, reconnection: false, parser: parserNamed(parser), ...options });
  after(() => socket.disconnect());
  return socket;
}

export async function connectClient(context, options, namespace) {
  const socket = makeClient(context, options, namespace);
  await connected(socket);
  return socket;
}

export function connected(socket) {
  if (socket.connected) return Promise.resolve();
  return within(10_000, new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  }), "connecting");
}

// The arguments of the next such event.
export function event(emitter, name, ms = 5000) {
  return within(ms, new Promise((resolve) => emitter.once(name, (...values) => resolve(values))), `the event ${name}`);
}

// The error with which a connection is refused.
export function refusal(socket) {
  return within(5000, new Promise((resolve, reject) => {
    socket.once("connect_error", resolve);
    socket.once("connect", () => reject(new Error("was not refused")));
  }), "a refusal");
}

// The first value of the answer to an event. (Client 4.0 has no emitWithAck.)
export function ask(socket, name, ...values) {
  return within(5000, new Promise((resolve) => socket.emit(name, ...values, resolve)), `the answer to ${name}`);
}

// Resolves when the client's engine has finished its upgrade to WebSocket.
export function upgraded(socket) {
  const { engine } = socket.io;
  return engine.transport.name === "websocket" ? Promise.resolve() : event(engine, "upgrade");
}

// Collects every event of these names, in order, as [name, ...values].
export function collect(socket) {
  const events = [];
  socket.onAny((...all) => events.push(all));
  return events;
}
