// Connection state recovery where it is better than the reference: who may come back, when, and to which loop.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { loops, startServer } from "./support/server.mjs";
import { Cuttable } from "./support/cuttable.mjs";
import { openWire } from "./support/engine.mjs";
import { ask, connected, event } from "./support/client.mjs";
import { Raw, cutAndWait, returning, watch } from "./support/recovery.mjs";

const test = suite("recovery_returns", { profile: "recovery" });

test.naruOnly("from the first second: a client that has had no event yet", async (context) => {
  const watcher = await watch(context);
  await watcher.ask("send", {}, "n", 0);
  const before = await Raw.open(context);
  await before.ask("join", ["room"]);
  assert.equal(before.offset, undefined);
  await cutAndWait(before, watcher);
  await watcher.ask("send", { to: ["room"] }, "n", 1);
  const after = await Raw.open(context, { pid: before.pid });
  assert.equal(after.sid, before.sid);
  assert.deepEqual(after.of("n"), [1]);
  assert.equal((await after.ask("state")).recovered, true);
});

test.naruOnly("an offset that is left over from an earlier pid means: nothing under this one", async (context) => {
  const watcher = await watch(context);
  await watcher.ask("send", {}, "n", 0);
  await until(() => watcher.of("n").length, "the first");
  const leftOver = watcher.offset;
  await watcher.ask("send", {}, "n", 1);
  const before = await Raw.open(context);
  await cutAndWait(before, watcher);
  await watcher.ask("send", {}, "n", 2);
  const after = await Raw.open(context, { pid: before.pid, offset: leftOver });
  assert.equal(after.sid, before.sid);
  assert.deepEqual(after.of("n"), [2], "and not what was sent before it connected");
  await cutAndWait(after, watcher);
  const third = await Raw.open(context, { pid: before.pid, offset: "abcdefgh.1" });
  assert.deepEqual(third.of("n"), [2]);
});

test.naruOnly("an offset that cannot be ours is refused", async (context) => {
  const watcher = await watch(context);
  for (const offset of ["", "x", "........", 7, {}, "\ud83d\ude00", null]) {
    const before = await Raw.open(context);
    await watcher.ask("send", {}, "n", 0);
    await until(() => before.offset, "an offset");
    const real = before.offset;
    await cutAndWait(before, watcher);
    const after = await Raw.open(context, { pid: before.pid, offset: offset ?? `${real.slice(0, 9)}zzzzzz` });
    assert.notEqual(after.sid, before.sid, `${offset}`);
    assert.notEqual(after.pid, before.pid);
    assert.deepEqual(after.of("n"), []);
    // It was the pid's only chance.
    const third = await Raw.open(context, { pid: before.pid, offset: real });
    assert.notEqual(third.sid, before.sid);
  }
});

test("who left, or was sent away, does not come back", async (context) => {
  const watcher = await watch(context);
  const before = await Raw.open(context);
  await watcher.ask("send", {}, "n", 0);
  await until(() => before.offset, "an offset");
  before.wire.send("41");
  await watcher.gone(before.sid);
  const after = await Raw.open(context, before.position);
  assert.notEqual(after.sid, before.sid);
});

test.naruOnly("a pid serves once: whoever shows it again takes the socket over", async (context) => {
  const watcher = await watch(context);
  const first = await Raw.open(context);
  await watcher.ask("send", {}, "n", 0);
  await until(() => first.offset, "an offset");
  for (let round = 0; round < 10; round++) {
    const next = await Raw.open(context, first.position);
    assert.equal(next.sid, first.sid);
    assert.equal(next.pid, first.pid);
    await until(() => watcher.of("gone").length === round + 1, "the end of the one before");
    assert.deepEqual(watcher.events.filter(([name]) => name === "gone").at(-1), ["gone", first.sid, "transport close"]);
  }
  await until(() => first.isClosed, "the first connection's end");
});

test.naruOnly("the server has not noticed yet: the old socket is taken over", async (context) => {
  const way = await Cuttable.to(context.server);
  context.after(() => way.close());
  const watcher = await watch(context);
  const sockets = await Promise.all(Array.from({ length: 6 }, () => returning({ ...context, server: way })));
  const ids = sockets.map((socket) => socket.id);
  const numbers = sockets.map((socket) => {
    const got = [];
    socket.on("number", (value) => got.push(value));
    return got;
  });
  await Promise.all(sockets.map((socket) => ask(socket, "join", ["room"])));
  for (let round = 0; round < 5; round++) {
    const base = 30 * round;
    await watcher.ask("count", "room", base, base + 10);
    await until(() => numbers.every((got) => got.length === base + 10), "the first ten");
    way.deafen();
    await watcher.ask("count", "room", base + 10, base + 20);  // into the void
    way.freeze();
    await watcher.ask("count", "room", base + 20, base + 30);
    await until(() => sockets.every((socket) => socket.connected) && numbers.every((got) => got.length === base + 30), "all of them back");
    assert.ok(sockets.every((socket) => socket.recovered));
  }
  assert.deepEqual(sockets.map((socket) => socket.id), ids);
  for (const got of numbers) assert.deepEqual(got, Array.from({ length: 150 }, (_, i) => i));
});

test.naruOnly("several namespaces of one connection come back together", async (context) => {
  const way = await Cuttable.to(context.server);
  context.after(() => way.close());
  const main = await returning({ ...context, server: way });
  const second = main.io.socket("/second");
  await connected(second);
  const ids = [main.id, second.id];
  way.freeze();
  await Promise.all([event(main, "connect"), event(second, "connect")]);
  assert.deepEqual([main.id, second.id], ids);
  assert.ok(main.recovered && second.recovered);
  second.disconnect();
});

// The loop that a session lives on: the byte of its id behind the twelve random ones.
const loopOf = (raw) => Buffer.from(raw.wire.handshake.sid, "base64url")[12];

test.naruOnly("on every loop, wherever it was before", async (context) => {
  const watcher = await watch(context);
  let raw = await Raw.open(context);
  const { sid } = raw;
  await raw.ask("join", ["room"]);
  const ways = new Set();
  let sent = 0;
  for (let round = 0; round < 500 && ways.size < loops * loops; round++) {
    const from = loopOf(raw);
    await watcher.ask("count", "room", sent, ++sent);
    await until(() => raw.of("number").at(-1) === sent - 1, "the first");
    const { position } = raw;
    if (round % 2) await cutAndWait(raw, watcher);
    await watcher.ask("count", "room", sent, ++sent);
    const next = await Raw.open(context, position);
    assert.equal(next.sid, sid);
    assert.deepEqual(next.of("number"), [sent - 1]);
    ways.add(`${from} to ${loopOf(next)}`);
    raw = next;
    // The connections are dealt out in turn: one more makes the next come elsewhere.
    if (Math.random() < 0.5) (await openWire(context.server, "/socket.io/")).socket.terminate();
  }
  assert.equal(ways.size, loops * loops);
});

test("after the window it is somebody new", async ({ after }) => {
  const server = await startServer("recovery", ["--window", "0.2"]);
  after(() => server.stop());
  const context = { server, after };
  const watcher = await watch(context);
  const before = await Raw.open(context);
  await watcher.ask("send", {}, "n", 0);
  await until(() => before.offset, "an offset");
  await cutAndWait(before, watcher);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const again = await Raw.open(context, before.position);
  assert.notEqual(again.sid, before.sid);
  assert.equal((await again.ask("state")).recovered, false);
});

test.naruOnly("when the log has moved on it is somebody new; who has had everything is not", async ({ after }) => {
  const server = await startServer("recovery", ["--kept", "20000"]);
  after(() => server.stop());
  const context = { server, after };
  const watcher = await watch(context);
  const quiet = await Raw.open(context);
  const missing = await Raw.open(context);
  await missing.ask("join", ["room"]);
  await watcher.ask("send", {}, "n", 0);
  await until(() => quiet.offset && missing.offset, "an offset");
  // Far more than is kept, all of it for others, before they are cut off.
  await watcher.ask("count", "elsewhere", 0, 500);
  await cutAndWait(quiet, watcher);
  await cutAndWait(missing, watcher);
  const same = await Raw.open(context, quiet.position);
  assert.equal(same.sid, quiet.sid);
  await watcher.ask("count", "room", 0, 500);
  const other = await Raw.open(context, missing.position);
  assert.notEqual(other.sid, missing.sid);
  assert.deepEqual(other.of("number"), []);
});

await test.run();
