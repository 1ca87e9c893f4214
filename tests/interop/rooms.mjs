// Rooms and their targets: to, except, broadcast, one socket by id, volatile, utility calls, broadcast acks, HTTP to room.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, collect, connectClient, kPolling, kWebSocket } from "./support/client.mjs";
import { request } from "./support/http.mjs";

const test = suite("rooms", { profile: "interop" });

// Four clients on mixed transports: a in blue, b in blue and green, c in green, d in none; rooms are this test's own.
async function crew(context) {
  const own = Math.random().toString(36).slice(2);
  const [blue, green] = [`blue-${own}`, `green-${own}`];
  const sockets = await Promise.all([kPolling, kWebSocket, undefined, kWebSocket].map((transports) => connectClient(context, { transports })));
  const [a, b, c, d] = sockets;
  await ask(a, "join", blue);
  await ask(b, "join", [blue, green]);
  await ask(c, "join", green);
  const logs = sockets.map(collect);
  return { sockets, a, b, c, d, blue, green, logs, gave: () => receivers(sockets, logs, own), own };
}

// Who got the event, as letters, counting repeats; a marker to each proves that nothing is still on its way.
async function receivers(sockets, logs, own) {
  const end = `end-${own}`;
  await Promise.all(sockets.map((socket) => ask(socket, "send", { to: [socket.id] }, end, 0)));
  await until(() => logs.every((log) => log.some(([name]) => name === end)), "the markers");
  return logs.map((log, i) => "abcd"[i].repeat(log.filter(([name]) => name === own).length)).join("");
}

const kCases = [
  ["to one room", "io", (x) => ({ to: [x.blue] }), "ab"],
  ["to two rooms is a union without repeats", "io", (x) => ({ to: [x.blue, x.green] }), "abc"],
  ["to a room, except another", "io", (x) => ({ to: [x.blue], except: [x.green] }), "a"],
  ["to all but a room", "io", (x) => ({ except: [x.green], to: [x.a.id, x.b.id, x.c.id, x.d.id] }), "ad"],
  ["to one socket by id", "io", (x) => ({ to: [x.d.id] }), "d"],
  ["to a room, except one socket", "io", (x) => ({ to: [x.green], except: [x.b.id] }), "c"],
  ["to a room and one of its members", "io", (x) => ({ to: [x.blue, x.a.id] }), "ab"],
  ["to a room that is nobody's", "io", () => ({ to: ["nobody"] }), ""],
  ["socket.to leaves the sender out", "socket", (x) => ({ to: [x.blue] }), "b"],
  ["socket.broadcast is all but me", "socket", () => ({}), "bcd"],
  ["socket.broadcast except a room", "socket", (x) => ({ except: [x.green] }), "d"],
  ["io is all", "io", () => ({}), "abcd"],
  ["io except a room", "io", (x) => ({ except: [x.blue] }), "cd"],
  ["local is all of this server", "io", () => ({ local: true }), "abcd"],
];
for (const [what, from, how, expected] of kCases) {
  test(what, async (context) => {
    const x = await crew(context);
    await ask(x.a, "send", { from, ...how(x) }, x.own, { n: 1 });
    assert.equal(await x.gave(), expected);
  });
}

test("binary reaches every member of a room, on every transport", async (context) => {
  const x = await crew(context);
  const bytes = Buffer.from([0, 255, 128]);
  await ask(x.d, "send", { to: [x.blue, x.green] }, x.own, { bytes, text: "€" });
  assert.equal(await x.gave(), "abc");
  for (const log of x.logs.slice(0, 3)) assert.deepEqual(log.find(([name]) => name === x.own)[1], { bytes, text: "€" });
});

test("one sender's messages keep their order for every member", async (context) => {
  const x = await crew(context);
  const asked = Array.from({ length: 1000 }, (_, i) => ask(x.a, "send", { to: [x.blue, x.green] }, x.own, i));
  await Promise.all(asked);
  await x.gave();
  for (const log of x.logs.slice(0, 3)) {
    assert.deepEqual(log.filter(([name]) => name === x.own).map(([, i]) => i), Array.from({ length: 1000 }, (_, i) => i));
  }
});

test("leaving, and joining twice", async (context) => {
  const x = await crew(context);
  await ask(x.b, "leave", x.blue);
  await ask(x.c, "join", x.green);
  assert.deepEqual(await ask(x.b, "rooms"), [x.b.id, x.green].sort());
  await ask(x.d, "send", { to: [x.blue] }, x.own, 0);
  await ask(x.d, "send", { to: [x.green] }, x.own, 0);
  assert.equal(await x.gave(), "abc");
});

test("a socket that has gone is in no room", async (context) => {
  const x = await crew(context);
  const gone = x.a.id;
  x.a.disconnect();
  await until(async () => !(await ask(x.b, "who", x.blue)).includes(gone), "the leave");
  assert.deepEqual(await ask(x.b, "who", x.blue), [x.b.id]);
});

test("who is in a room, and in the namespace", async (context) => {
  const x = await crew(context);
  assert.deepEqual(await ask(x.a, "who", x.green), [x.b.id, x.c.id].sort());
  const all = await ask(x.a, "who", "");
  for (const socket of x.sockets) assert.ok(all.includes(socket.id));
});

test("all of a room move to another", async (context) => {
  const x = await crew(context);
  const other = `other-${x.own}`;
  await ask(x.d, "move", x.blue, other);
  await until(async () => (await ask(x.d, "who", other)).length === 2, "the move");
  assert.deepEqual(await ask(x.d, "who", other), [x.a.id, x.b.id].sort());
  assert.deepEqual(await ask(x.d, "who", x.blue), []);
});

test("a room is thrown out of the namespace", async (context) => {
  const x = await crew(context);
  const reasons = Promise.all([x.a, x.b].map((socket) => new Promise((resolve) => socket.once("disconnect", resolve))));
  x.d.emit("throw_out", x.blue, false);
  assert.deepEqual(await reasons, ["io server disconnect", "io server disconnect"]);
  assert.ok(x.c.connected && x.d.connected);
});

test("a broadcast with ack gathers every answer", async (context) => {
  const x = await crew(context);
  for (const socket of x.sockets) socket.on("question", (value, answer) => answer(`${value} ${socket.id}`));
  const { responses, timeout } = await ask(x.d, "ask_all", x.blue, "question", "hello", 2000);
  assert.deepEqual(responses.sort(), [x.a, x.b].map((socket) => `hello ${socket.id}`).sort());
  assert.equal(timeout, false);
});

test("a broadcast with ack gives what came in time", async (context) => {
  const x = await crew(context);
  x.a.on("question", (value, answer) => answer(value));
  assert.deepEqual(await ask(x.d, "ask_all", x.blue, "question", 7, 1000), { responses: [7], timeout: true });
});

test("a broadcast with ack to nobody answers at once", async (context) => {
  const x = await crew(context);
  assert.deepEqual(await ask(x.d, "ask_all", "nobody", "question", 7, 5000), { responses: [], timeout: false });
});

test("volatile reaches a WebSocket that is ready", async (context) => {
  const x = await crew(context);
  await ask(x.d, "send", { to: [x.b.id], volatile: true }, x.own, 1);
  assert.equal(await x.gave(), "b");
});

test.newClientOnly("volatile does not wait for a polling client that is away", async (context) => {
  const x = await crew(context);
  const { engine } = x.a.io;
  const poll = engine.transport._poll.bind(engine.transport);
  const held = new Promise((resolve) => (engine.transport._poll = () => resolve()));
  await ask(x.d, "send", { to: [x.a.id] }, "wake", 0);
  await held;
  for (let i = 0; i < 5; i++) await ask(x.d, "send", { to: [x.a.id], volatile: true }, x.own, i);
  engine.transport._poll = poll;
  poll();
  assert.equal(await x.gave(), "");
});

test("an HTTP route tells a room", async (context) => {
  const x = await crew(context);
  const answer = await request(context.server, `/announce?room=${x.green}`, { method: "POST", body: "the ferry leaves" });
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(answer.body), { ok: true });
  await x.gave();
  assert.deepEqual(x.logs.map((log) => log.filter(([name]) => name === "announced").map(([, text]) => text)), [[], ["the ferry leaves"], ["the ferry leaves"], []]);
});

await test.run();
