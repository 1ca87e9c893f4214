// Connection state recovery, in the protocol's own words and with the official client.
import assert from "node:assert/strict";
import * as msgpack from "socket.io-msgpack-parser";
import { io as connect40 } from "socket.io-client-4.0";
import { suite, until } from "./support/suite.mjs";
import { startServer } from "./support/server.mjs";
import { Polling, openWire } from "./support/engine.mjs";
import { ask, connectClient, connected, event, kPolling, kWebSocket } from "./support/client.mjs";
import { Raw, cutAndWait, returning, watch } from "./support/recovery.mjs";

const test = suite("recovery", { profile: "recovery" });

// --- the reference's own seven ---

test("restores connection and receives missed packets", async (context) => {
  const watcher = await watch(context);
  const first = new Polling(context.server, "/socket.io/");
  await first.open();
  await first.post("40");
  const { sid, pid } = JSON.parse((await first.packet()).slice(2));
  await watcher.ask("send", {}, "hello", 0);
  const [, , offset] = JSON.parse((await first.packet()).slice(2));
  await first.post("1");
  await watcher.gone(sid);
  await watcher.ask("send", {}, "hello", 1);
  await watcher.ask("send", { to: [sid] }, "hello", 2);
  await watcher.ask("send", { to: ["elsewhere"] }, "hello", 3);

  const second = new Polling(context.server, "/socket.io/");
  await second.open();
  await second.post(`40${JSON.stringify({ pid, offset })}`);
  const packets = [await second.packet(), await second.packet(), await second.packet()];
  assert.deepEqual(JSON.parse(packets[0].slice(2)).slice(0, 2), ["hello", 1]);
  assert.deepEqual(JSON.parse(packets[1].slice(2)).slice(0, 2), ["hello", 2]);
  // As in the reference, what was missed stands before the answer to the CONNECT.
  assert.deepEqual(JSON.parse(packets[2].slice(2)), { sid, pid });
  await second.post("1");
});

test("restores rooms and data attributes", async (context) => {
  const watcher = await watch(context);
  const before = await Raw.open(context);
  await before.ask("join", ["room 1", "room 2"]);
  await before.ask("set", "Ann", 7);
  await watcher.ask("send", {}, "hello", 1);
  await until(() => before.offset, "an offset");
  assert.deepEqual(await before.ask("state"), { recovered: false, id: before.sid, rooms: [before.sid, "room 1", "room 2"].sort(), data: { name: "Ann", score: 7 } });
  await cutAndWait(before, watcher);
  const after = await Raw.open(context, before.position);
  assert.deepEqual(await after.ask("state"), { recovered: true, id: before.sid, rooms: [before.sid, "room 1", "room 2"].sort(), data: { name: "Ann", score: 7 } });
  await watcher.ask("send", { to: ["room 2"] }, "still", 2);
  await until(() => after.of("still").length, "the room");
});

test("does not run middlewares upon recovery by default", async (context) => {
  const watcher = await watch(context);
  const before = await Raw.open(context);
  await watcher.ask("send", {}, "hello", 1);
  await until(() => before.offset && watcher.of("gate").length === 1, "the first gate");
  await cutAndWait(before, watcher);
  const after = await Raw.open(context, { ...before.position, auth: { refuse: true } });
  assert.equal((await after.ask("state")).recovered, true);
  await after.ask("send", { to: ["watchers"] }, "mark", 0);
  await until(() => watcher.of("mark").length, "the mark");
  assert.deepEqual(watcher.of("gate"), [false]);
});

test("runs middlewares even upon recovery when asked to", async ({ after }) => {
  const server = await startServer("recovery", ["--ask-gates-again"]);
  after(() => server.stop());
  const context = { server, after };
  const watcher = await watch(context);
  const before = await Raw.open(context);
  await before.ask("join", ["room"]);
  await watcher.ask("send", {}, "hello", 1);
  await until(() => before.offset, "an offset");
  await cutAndWait(before, watcher);
  await watcher.ask("send", { to: ["room"] }, "missed", 2);
  const again = await Raw.open(context, before.position);
  assert.equal(again.sid, before.sid);
  assert.deepEqual(again.of("missed"), [2]);
  await until(() => watcher.of("gate").length === 2, "the second gate");
  assert.deepEqual(watcher.of("gate"), [false, true]);
});

test("a middleware that refuses ends the session", async ({ after }) => {
  const server = await startServer("recovery", ["--ask-gates-again"]);
  after(() => server.stop());
  const context = { server, after };
  const watcher = await watch(context);
  const before = await Raw.open(context);
  await watcher.ask("send", {}, "hello", 1);
  await until(() => before.offset, "an offset");
  await cutAndWait(before, watcher);
  const wire = await openWire(server, "/socket.io/");
  wire.send(`40${JSON.stringify({ ...before.position, refuse: true })}`);
  assert.match(await wire.packet(), /^44\{"message":"refused"/);
  wire.socket.terminate();
});

test("fails to restore an unknown session", async (context) => {
  const watcher = await watch(context);
  await watcher.ask("send", {}, "hello", 1);
  await until(() => watcher.of("hello").length, "the event");
  const raw = await Raw.open(context, { pid: "foo", offset: watcher.offset });
  assert.notEqual(raw.pid, "foo");
  assert.equal((await raw.ask("state")).recovered, false);
});

test("is disabled by default", async ({ after }) => {
  const server = await startServer("interop");
  after(() => server.stop());
  const wire = await openWire(server, "/socket.io/");
  wire.send("40");
  assert.deepEqual(Object.keys(JSON.parse((await wire.packet()).slice(2))), ["sid"]);
  assert.equal(JSON.parse((await wire.packet()).slice(2)).length, 3, "hello, id, auth and no position");
  wire.socket.terminate();
});

// --- the official client ---

for (const transports of [kPolling, kWebSocket]) test(`the official client comes back as who it was (${transports})`, async (context) => {
  const watcher = await watch(context);
  const socket = await returning(context, { transports });
  const { id } = socket;
  const numbers = [];
  socket.on("number", (value) => numbers.push(value));
  await ask(socket, "join", ["room"]);
  await watcher.ask("count", "room", 0, 5);
  await until(() => numbers.length === 5, "the first five");
  for (let round = 1; round <= 3; round++) {
    socket.io.engine.close();
    await watcher.ask("count", "room", 5 * round, 5 * round + 5);
    await until(() => socket.connected && numbers.length === 5 * round + 5, "what was missed");
    assert.equal(socket.recovered, true, `the time number ${round}`);
    assert.equal(socket.id, id);
  }
  assert.deepEqual(numbers, Array.from({ length: 20 }, (_, i) => i));
});

test("client 4.0, which knows nothing of it, works against a server that does", async ({ server, after }) => {
  const socket = connect40(server.url, { forceNew: true, reconnection: true, reconnectionDelay: 10, transports: kWebSocket });
  after(() => socket.disconnect());
  await connected(socket);
  const question = (name, ...values) => new Promise((resolve) => socket.emit(name, ...values, resolve));
  await question("join", ["room"]);
  const got = event(socket, "hello");
  await question("send", { to: ["room"] }, "hello", 1);
  assert.equal((await got)[0], 1);
  const { id } = socket;
  const again = event(socket, "connect");
  socket.io.engine.close();
  await again;
  assert.notEqual(socket.id, id);
  const state = await question("state");
  assert.equal(state.recovered, false);
  assert.deepEqual(state.rooms, [socket.id]);
});

test("with the msgpack parser", async ({ after }) => {
  const server = await startServer("recovery", ["--parser", "msgpack"]);
  after(() => server.stop());
  const context = { server, after };
  const speaker = await connectClient(context, { parser: msgpack });
  const socket = await returning(context, { parser: msgpack });
  const { id } = socket;
  const got = [];
  socket.on("n", (value) => got.push(value));
  for (let round = 1; round <= 3; round++) {
    await ask(speaker, "send", {}, "n", { round, bytes: Buffer.from("here") });
    await until(() => got.length === 2 * round - 1, "what is sent");
    socket.io.engine.close();
    await ask(speaker, "send", {}, "n", { round, bytes: Buffer.from("missed") });
    await until(() => got.length === 2 * round, "what was missed");
    assert.ok(socket.recovered && socket.id === id);
  }
  assert.equal(String(Buffer.from(got.at(-1).bytes)), "missed");
});

// --- what is missed ---

test("rooms and exceptions decide what was missed", async (context) => {
  const watcher = await watch(context);
  const before = await Raw.open(context);
  await before.ask("join", ["a", "muted"]);
  await watcher.ask("send", {}, "n", 0);
  await until(() => before.offset, "an offset");
  await cutAndWait(before, watcher);
  const sends = [[{ to: ["a"] }, 1], [{ to: ["b"] }, 2], [{ to: ["a", "b"] }, 3], [{ except: ["muted"] }, 4], [{ except: ["others"] }, 5],
    [{ to: ["a"], except: [before.sid] }, 6], [{ to: [before.sid] }, 7], [{}, 8], [{ to: ["a"], volatile: true }, 9]];
  for (const [how, value] of sends) await watcher.ask("send", how, "n", value);
  const after = await Raw.open(context, before.position);
  assert.equal(after.sid, before.sid);
  assert.deepEqual(after.of("n"), [1, 3, 5, 7, 8]);
});

test("binary events are missed and brought", async (context) => {
  const watcher = await connectClient(context, { transports: kWebSocket });
  const socket = await returning(context);
  const got = [];
  socket.on("picture", (value) => got.push(Buffer.from(value.bytes).toString()));
  await ask(watcher, "send", {}, "picture", { bytes: Buffer.from("one") });
  await until(() => got.length === 1, "the first");
  socket.io.engine.close();
  await ask(watcher, "send", {}, "picture", { bytes: Buffer.from("two") });
  await ask(watcher, "send", {}, "picture", { bytes: Buffer.from("three") });
  await until(() => got.length === 3, "the others");
  assert.deepEqual(got, ["one", "two", "three"]);
  assert.equal(socket.recovered, true);
});

test("events and answers to one socket keep their order", async (context) => {
  const socket = await connectClient(context, { transports: kWebSocket });
  const seen = [];
  socket.on("before", (i) => seen.push(["before", i]));
  socket.on("after", (i) => seen.push(["after", i]));
  for (let i = 0; i < 100; i++) socket.emit("mixed", i, (answer) => seen.push(["answer", answer]));
  await until(() => seen.length === 300, "all of them");
  assert.deepEqual(seen, Array.from({ length: 100 }, (_, i) => [["before", i], ["answer", i], ["after", i]]).flat());
});

test("an event that asks for an answer has no position, and its text is not taken for one", async (context) => {
  const watcher = await watch(context);
  const socket = await returning(context);
  socket.on("question", (text, ...more) => more.at(-1)(`${text}!`));
  const got = [];
  socket.on("n", (value) => got.push(value));
  await watcher.ask("send", {}, "n", 1);
  await until(() => got.length === 1, "the first");
  assert.equal(await ask(socket, "ask", "sure"), "sure!");
  socket.io.engine.close();
  await watcher.ask("send", {}, "n", 2);
  await until(() => got.length === 2, "the second");
  assert.equal(socket.recovered, true);
});

test.naruOnly("the same position for all receivers; a volatile event carries the current one", async (context) => {
  const watcher = await watch(context);
  const all = await Promise.all(Array.from({ length: 8 }, () => Raw.open(context)));
  await watcher.ask("send", {}, "n", "text at the end");
  await until(() => all.every((raw) => raw.of("n").length === 1), "everybody");
  const offsets = new Set(all.map((raw) => raw.offset));
  assert.equal(offsets.size, 1);
  assert.match(all[0].offset, /^[A-Za-z0-9_-]{8}\.[0-9a-z]+$/);
  await watcher.ask("send", { volatile: true }, "v", "text at the end");
  await until(() => all.every((raw) => raw.of("v").length === 1), "everybody");
  assert.deepEqual(new Set(all.map((raw) => raw.offset)), offsets);
});

await test.run();
