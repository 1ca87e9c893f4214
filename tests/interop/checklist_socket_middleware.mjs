// Middleware of one socket (the checklist's "socket-middleware").
import assert from "node:assert/strict";
import { suite, within } from "./support/suite.mjs";
import { connectClient } from "./support/client.mjs";

const test = suite("checklist_socket_middleware", { profile: "interop" });
// What the middlewares and handlers wrote down, and the errors that the server was told of.
const log = (socket) => within(5000, new Promise((resolve) => socket.emit("log", (...all) => resolve(all))), "the log");

test("a socket's middleware sees event and arguments, in order, before the handler", async (context) => {
  const socket = await connectClient(context, {}, "/inspected");
  socket.emit("quick", "woot");
  const [seen, errors] = await log(socket);
  assert.deepEqual(seen, [["first", "quick", "woot"], ["second", "quick"], ["handler", "quick", "woot"]]);
  assert.deepEqual(errors, []);
});

test("a socket's middleware refuses: the event is dropped, the server is told, the socket stays", async (context) => {
  const socket = await connectClient(context, {}, "/inspected");
  socket.emit("forbidden", 1);
  socket.emit("quick", 2);
  const [seen, errors] = await log(socket);
  assert.deepEqual(seen, [["first", "forbidden", 1], ["first", "quick", 2], ["second", "quick"], ["handler", "quick", 2]]);
  assert.deepEqual(errors, ["not that"]);
  assert.equal(socket.connected, true);
});

// In Node the later event overtakes it.
test.naruOnly("what a slow middleware has not decided holds the later events", async (context) => {
  const socket = await connectClient(context, {}, "/inspected");
  for (const name of ["slow", "quick"]) socket.emit(name, 0);
  const events = (await log(socket))[0].filter(([who]) => who === "handler").map(([, event]) => event);
  assert.deepEqual(events, ["slow", "quick"]);
});

await test.run();
