// Namespaces that the server names (the checklist's "namespaces"), beside client_basics.mjs and rooms.mjs.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, collect, connectClient, connected, event, io, makeClient } from "./support/client.mjs";
import { Crowd } from "./support/crowd.mjs";

const test = suite("checklist_namespaces", { profile: "interop" });
const own = () => `room ${Math.random().toString(36).slice(2)}`;

test("a client connects by itself, and the connection handler has its socket", async (context) => {
  const socket = makeClient(context);
  const [id] = await event(socket, "hello");
  assert.equal(id, socket.id);
});

test('"" and "/" are the same on the client', async (context) => {
  for (const url of [context.server.url, `${context.server.url}/`]) {
    const socket = io(url, { forceNew: true, reconnection: false });
    context.after(() => socket.disconnect());
    assert.equal((await event(socket, "hello"))[0], socket.id);
  }
});

test('"" and "/" are the same on the server, and a name needs no slash there', async (context) => {
  const socket = makeClient(context, {}, "/twice");
  const [first, second] = await Promise.all([event(socket, "first"), event(socket, "second")]);
  assert.deepEqual(first, ["/twice"]);
  assert.deepEqual(second, ["/"]);
});

test("several connection handlers run, and several handlers of an event", async (context) => {
  const socket = makeClient(context, {}, "/twice");
  const log = collect(socket);
  socket.emit("hi", "a");
  await event(socket, "heard again");
  assert.deepEqual(log.map(([name]) => name), ["first", "second", "heard", "heard again"]);
});

test("events emitted before the connection stands arrive, in order", async (context) => {
  const socket = makeClient(context, {}, "/twice");
  for (const letter of "abc") socket.emit("hi", letter);
  const log = collect(socket);
  await until(() => log.filter(([name]) => name === "heard").length === 3, "three letters");
  assert.deepEqual(log.filter(([name]) => name === "heard").map(([, letter]) => letter), ["a", "b", "c"]);
});

test("many namespaces on one connection, and the same one twice is a connection of its own", async (context) => {
  const [a, b] = await Promise.all([1, 2].map(() => connectClient(context, {}, "/checks")));
  assert.notEqual(a.id, b.id);
  const custom = a.io.socket("/custom");
  context.after(() => custom.disconnect());
  await connected(custom);
  const shared = io(`${context.server.url}/checks`, { reconnection: false });
  const again = io(`${context.server.url}/checks`, { reconnection: false });
  context.after(() => (shared.disconnect(), again.disconnect()));
  await Promise.all([connected(shared), connected(again)]);
  assert.notEqual(shared.io, again.io);
  assert.notEqual(shared.id, again.id);
});

test("the end of the connection ends it in all namespaces", async (context) => {
  const main = await connectClient(context);
  const others = ["/checks", "/custom"].map((name) => main.io.socket(name));
  context.after(() => others.forEach((socket) => socket.disconnect()));
  await Promise.all(others.map(connected));
  const ends = Promise.all([main, ...others].map((socket) => event(socket, "disconnect")));
  others[0].emit("disconnect_me", true);
  for (const [reason] of await ends) assert.match(reason, /^(io server disconnect|transport close)$/);
});

test("once it has disconnected it is in no room", async (context) => {
  const [observer, socket] = await Promise.all([1, 2].map(() => connectClient(context, {}, "/checks")));
  const { id } = socket;
  await ask(socket, "join", own());
  socket.disconnect();
  let end;
  await until(async () => (end = (await ask(observer, "left")).find((one) => one.id === id)), "its end");
  assert.deepEqual(end.rooms, []);
});

test("the sockets of a namespace, of a room, and none of the same room elsewhere", async (context) => {
  const room = own();
  const [a, b] = await Promise.all([1, 2].map(() => connectClient(context, {}, "/checks")));
  const elsewhere = await connectClient(context);
  await Promise.all([ask(a, "join", room), ask(elsewhere, "join", room)]);
  const all = await ask(b, "who", "");
  assert.ok(all.includes(a.id) && all.includes(b.id) && !all.includes(elsewhere.id));
  assert.deepEqual(await ask(b, "who", room), [a.id]);
  assert.deepEqual(await ask(elsewhere, "who", room), [elsewhere.id]);
});

test("an emit to a namespace excludes a socket, a room", async (context) => {
  const crowd = await Crowd.gather(context, 3);
  const [a, b, c] = crowd.sockets;
  const room = own();
  await ask(c, "join", room);
  await ask(a, "send", { except: [b.id] }, "not b", 0);
  await ask(a, "send", { except: [room] }, "not c", 0);
  await ask(a, "send", { except: [room, b.id] }, "only a", 0);
  await crowd.settle(a);
  assert.deepEqual(crowd.counts("not b"), [1, 0, 1]);
  assert.deepEqual(crowd.counts("not c"), [1, 1, 0]);
  assert.deepEqual(crowd.counts("only a"), [1, 0, 0]);
});

for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
  test(`emitting the reserved event ${name} is refused, of a socket and of a namespace`, async (context) => {
    const socket = await connectClient(context, {}, "/checks");
    const [bySocket, byNamespace] = await ask(socket, "emit_reserved", name);
    assert.match(bySocket, /reserved/);
    assert.match(byNamespace, /reserved/);
  });
}

await test.run();
