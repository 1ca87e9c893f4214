// One session whose every GET, POST and upgrade comes on a new connection: with two loops they land on the other one.
import assert from "node:assert/strict";
import http from "node:http";
import { suite, until } from "./support/suite.mjs";
import { loops } from "./support/server.mjs";
import { Polling, Wire, kSeparator } from "./support/engine.mjs";
import { ask, collect, connectClient, kPolling } from "./support/client.mjs";

const test = suite("crossing", { profile: "interop" });
const kMessages = 10_000;
const kBatch = 100;
const kLimitMs = 60_000;

async function openSession(server) {
  const session = new Polling(server, "/socket.io/");
  await session.open();
  await session.post("40");
  assert.match(await session.packet(), /^40\{/);
  assert.match(await session.packet(), /^42\["hello"/);
  return session;
}

const numberPacket = (i) => `42["number",${i}]`;

// Posts numbers in batches, each on its own connection.
async function sendAll(session, from, to) {
  for (let i = from; i < to; i += kBatch) {
    const body = Array.from({ length: Math.min(kBatch, to - i) }, (_, k) => numberPacket(i + k)).join(kSeparator);
    const answer = await session.post(body);
    assert.equal(answer.body, "ok");
  }
}

// Reads numbers from `from` on until `to`, each GET on its own connection.
async function readAll(read, from, to) {
  for (let i = from; i < to; i++) assert.equal(await read(), numberPacket(i));
}

async function totals(send, read) {
  await send('420["totals"]');
  return JSON.parse((await read()).slice(3))[0];
}

// The loop that a naru session lives on: the byte of its id behind the twelve random ones.
const loopOf = (sid) => Buffer.from(sid, "base64url")[12];

test.naruOnly("new connections come to every loop, so that what follows does cross", async ({ server }) => {
  const seen = new Set();
  for (let i = 0; i < 100; i++) {
    const session = new Polling(server, "/socket.io/");
    await session.open();
    seen.add(loopOf(session.sid));
  }
  assert.deepEqual([...seen].sort(), Array.from({ length: loops }, (_, i) => i));
});

test(`${kMessages} each way, a new connection for each request`, async ({ server }) => {
  const session = await openSession(server);
  await Promise.all([sendAll(session, 0, kMessages), readAll(() => session.packet(), 0, kMessages)]);
  const count = await totals((packet) => session.post(packet), () => session.packet());
  assert.deepEqual(count, { received: kMessages, errors: 0, sent: kMessages });
}, kLimitMs);

test(`${kMessages} each way, the upgrade in the middle on yet another connection`, async ({ server }) => {
  const session = await openSession(server);
  const half = kMessages / 2;
  let got = 0;
  const polling = (async () => {
    for (;;) {
      const answer = await session.get();
      if (answer.status !== 200) return;
      for (const packet of answer.body.split(kSeparator)) {
        if (packet === "2") await session.post("3");
        if (!packet.startsWith("42")) continue;
        assert.equal(packet, numberPacket(got++));
      }
      if (session.upgrading) return;
    }
  })();
  await sendAll(session, 0, half);
  const wire = new Wire(session.socketUrl());
  await wire.opened;
  wire.send("2probe");
  assert.equal(await wire.next(), "3probe");
  session.upgrading = true;
  await polling;
  wire.send("5");
  for (let i = half; i < kMessages; i++) wire.send(numberPacket(i));
  await readAll(() => wire.packet(), got, kMessages);
  const count = await totals((packet) => wire.send(packet), () => wire.packet());
  assert.deepEqual(count, { received: kMessages, errors: 0, sent: kMessages });
  wire.close();
}, kLimitMs);

test("one kept connection serves many sessions in turn", async ({ server }) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const sessions = await Promise.all(Array.from({ length: 8 }, () => openSession(server)));
  for (let round = 0; round < 20; round++) {
    for (const session of sessions) {
      assert.equal((await session.post(numberPacket(round), { agent })).body, "ok");
      const answer = await session.get({ agent });
      assert.ok(answer.body.split(kSeparator).includes(numberPacket(round)), answer.body);
    }
  }
  agent.destroy();
});

test("the official client without kept connections", async (context) => {
  const agent = new http.Agent({ keepAlive: false });
  const socket = await connectClient(context, { transports: kPolling, agent });
  for (let i = 0; i < 300; i++) assert.equal(await ask(socket, "echo", i), i);
});

test("a room over all loops: everybody gets everything once, in one order per sender", async (context) => {
  const sockets = await Promise.all(Array.from({ length: 12 }, (_, i) => connectClient(context, i % 2 ? {} : { transports: kPolling })));
  await Promise.all(sockets.map((socket) => ask(socket, "join", "all")));
  const logs = sockets.map(collect);
  await Promise.all(sockets.map(async (socket, sender) => {
    for (let i = 0; i < 50; i++) await ask(socket, "send", { to: ["all"] }, "line", [sender, i]);
  }));
  await until(() => logs.every((log) => log.length >= 12 * 50), "every line for everybody");
  for (const log of logs) {
    assert.equal(log.length, 12 * 50);
    const next = Array(12).fill(0);
    for (const [, [sender, i]] of log) assert.equal(i, next[sender]++);
  }
}, kLimitMs);

await test.run();
