// Engine.IO v4 from its public protocol text, by raw HTTP and WebSocket, against the `engineio` profile.
import assert from "node:assert/strict";
import { suite, kSettle, pause, within } from "./support/suite.mjs";
import { Polling, Wire, kSeparator, openWire, refusedUpgrade } from "./support/engine.mjs";
import { request } from "./support/http.mjs";

const test = suite("engineio_protocol", { profile: "engineio" });
const kPingInterval = 300;
const kPingTimeout = 200;

// Handshake

test("polling: the handshake object holds exactly five members", async ({ server }) => {
  const answer = await request(server, "/engine.io/?EIO=4&transport=polling");
  assert.equal(answer.status, 200);
  assert.equal(answer.type, "text/plain; charset=UTF-8");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.headers["content-length"], String(answer.bytes.length));
  assert.equal(answer.body[0], "0");
  const handshake = JSON.parse(answer.body.slice(1));
  assert.deepEqual(Object.keys(handshake), ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"]);
  assert.match(handshake.sid, /^[A-Za-z0-9_-]{20}$/);
  assert.deepEqual({ ...handshake, sid: 0 }, {
    sid: 0, upgrades: ["websocket"], pingInterval: kPingInterval, pingTimeout: kPingTimeout, maxPayload: 1000000,
  });
});

test("websocket: the handshake offers no upgrade", async ({ server }) => {
  const wire = await openWire(server);
  assert.deepEqual(Object.keys(wire.handshake), ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"]);
  assert.deepEqual(wire.handshake.upgrades, []);
  wire.close();
});

test("both loopbacks listen", async ({ server }) => {
  for (const host of ["127.0.0.1", "::1"]) {
    assert.equal((await request(server, "/engine.io/?EIO=4&transport=polling", { host })).status, 200, host);
  }
});

const kRefused = [
  ["no transport", "?EIO=4", 0, "Transport unknown"],
  ["an unknown transport", "?EIO=4&transport=abc", 0, "Transport unknown"],
  ["transport constructor", "?EIO=4&transport=constructor", 0, "Transport unknown"],
  ["transport __proto__", "?EIO=4&transport=__proto__", 0, "Transport unknown"],
  ["no EIO", "?transport=polling", 5, "Unsupported protocol version"],
  ["EIO 3", "?EIO=3&transport=polling", 5, "Unsupported protocol version"],
  ["EIO abc", "?EIO=abc&transport=polling", 5, "Unsupported protocol version"],
  ["EIO 04", "?EIO=04&transport=polling", 5, "Unsupported protocol version"],
  ["an unknown sid", "?EIO=4&transport=polling&sid=abcdefghijklmnopqrst", 1, "Session ID unknown"],
  ["a sid of another shape", "?EIO=4&transport=polling&sid=%2e%2e", 1, "Session ID unknown"],
  ["websocket without an upgrade", "?EIO=4&transport=websocket", 3, "Bad request"],
];
for (const [what, query, code, message] of kRefused) {
  test(`polling: ${what} is code ${code}`, async ({ server }) => {
    const answer = await request(server, `/engine.io/${query}`);
    assert.equal(answer.status, 400);
    assert.match(answer.type, /^application\/json/);
    assert.equal(answer.body, JSON.stringify({ code, message }));
  });
}

for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
  test(`polling: ${method} cannot open a session (code 2)`, async ({ server }) => {
    const answer = await request(server, "/engine.io/?EIO=4&transport=polling", { method });
    assert.equal(answer.status, 400);
    assert.equal(answer.body, '{"code":2,"message":"Bad handshake method"}');
  });
}

const kRefusedUpgrades = [
  ["no transport", "?EIO=4"],
  ["an unknown transport", "?EIO=4&transport=abc"],
  ["an unknown sid", "?EIO=4&transport=websocket&sid=abcdefghijklmnopqrst"],
];
for (const [what, query] of kRefusedUpgrades) {
  test(`websocket: ${what} is refused before 101`, async ({ server }) => {
    assert.equal((await refusedUpgrade(server, `/engine.io/${query}`)).status, 400);
  });
}

// Messages

test("polling: text comes back as text", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const posted = await session.post("4hello");
  assert.equal(posted.status, 200);
  assert.equal(posted.body, "ok");
  assert.match(posted.type, /^text\/html/);
  assert.equal(await session.packet(), "4hello");
});

test("polling: several packets of one POST come back in one GET, in order", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const packets = ["4one", "4two", "4", "4three €"];
  await session.post(packets.join(kSeparator));
  assert.deepEqual((await session.packets()).filter((packet) => packet !== "2"), packets);
});

test("polling: binary goes and comes as base64", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  await session.post("bAQIDBA==" + kSeparator + "4and text");
  assert.equal(await session.packet(), "bAQIDBA==");
  assert.equal(await session.packet(), "4and text");
});

test("polling: a waiting GET is answered when something comes", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const waiting = session.packet();
  await session.post("4woken");
  assert.equal(await waiting, "4woken");
});

test("websocket: text and binary come back, in order", async ({ server }) => {
  const wire = await openWire(server);
  wire.send("4hello");
  wire.send(Buffer.from([1, 2, 3, 4]));
  wire.send("4");
  wire.send(Buffer.alloc(0));
  assert.equal(await wire.packet(), "4hello");
  assert.deepEqual(await wire.packet(), Buffer.from([1, 2, 3, 4]));
  assert.equal(await wire.packet(), "4");
  assert.deepEqual(await wire.packet(), Buffer.alloc(0));
  wire.close();
});

test("websocket: b64=1 sends binary as text", async ({ server }) => {
  const wire = await Wire.open(server, "/engine.io/?EIO=4&transport=websocket&b64=1");
  await wire.next();
  wire.send(Buffer.from([1, 2, 3, 4]));
  assert.equal(await wire.packet(), "bAQIDBA==");
  wire.close();
});

// Heartbeat

test("polling: the first ping comes after one interval, then again after each pong", async ({ server }) => {
  const session = new Polling(server);
  const opened = Date.now();
  await session.open();
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(await session.packets(), ["2"]);
    assert.ok(Date.now() - opened >= kPingInterval * (i + 1) - 20, "too early");
    assert.equal((await session.post("3")).body, "ok");
  }
});

test("websocket: pings, and no close while they are answered", async ({ server }) => {
  const wire = await openWire(server);
  for (let i = 0; i < 3; i++) {
    assert.equal(await wire.next(), "2");
    wire.send("3");
  }
  wire.close();
});

test("polling: without pong the session ends", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  assert.deepEqual(await session.packets(), ["2"]);
  await pause(kPingTimeout + 150);
  const answer = await session.get();
  assert.equal(answer.status, 400);
  assert.equal(answer.body, '{"code":1,"message":"Session ID unknown"}');
});

test("websocket: without pong the connection closes", async ({ server }) => {
  const wire = await openWire(server);
  await within(2000, wire.closed);
});

test("websocket: a message is no pong", async ({ server }) => {
  const wire = await openWire(server);
  assert.equal(await wire.next(), "2");
  wire.send("4still here");
  await within(2000, wire.closed);
});

// Close

test("polling: a close packet ends the session, the waiting GET is told", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const waiting = session.get();
  await pause(kSettle);
  assert.equal((await session.post("1")).body, "ok");
  assert.equal((await waiting).body, "6");
  assert.equal((await session.get()).status, 400);
});

test("websocket: a close packet ends the connection", async ({ server }) => {
  const wire = await openWire(server);
  wire.send("1");
  await within(2000, wire.closed);
});

test("websocket: a closed connection leaves no session", async ({ server }) => {
  const wire = await openWire(server);
  wire.close();
  await wire.closed;
  const session = new Polling(server);
  session.sid = wire.handshake.sid;
  assert.match((await session.get()).body, /"code":[13]/);
});

// Upgrade

async function probe(session) {
  const wire = new Wire(session.socketUrl());
  await wire.opened;
  wire.send("2probe");
  assert.equal(await wire.next(), "3probe");
  return wire;
}

test("upgrade: probe, noop to the waiting GET, then messages by WebSocket", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const waiting = session.get();
  await pause(kSettle);
  const wire = await probe(session);
  assert.equal((await waiting).body, "6");
  wire.send("5");
  wire.send("4hello");
  assert.equal(await wire.packet(), "4hello");
  wire.close();
});

test("upgrade: later GET and POST are code 3", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const wire = await probe(session);
  wire.send("5");
  wire.send("4done");
  assert.equal(await wire.packet(), "4done");
  const answer = await session.get();
  assert.equal(answer.status, 400);
  assert.equal(answer.body, '{"code":3,"message":"Bad request"}');
  assert.equal((await session.post("4x")).status, 400);
  wire.close();
});

test("upgrade: what was queued while probing is lost nowhere", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const wire = await probe(session);
  await session.post(["4a", "4b", "4c"].join(kSeparator));
  wire.send("5");
  wire.send("4d");
  for (const expected of ["4a", "4b", "4c", "4d"]) assert.equal(await wire.packet(), expected);
  wire.close();
});

test("upgrade: a second WebSocket for an upgraded session is closed", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const wire = await probe(session);
  wire.send("5");
  wire.send("4done");
  assert.equal(await wire.packet(), "4done");
  const second = new Wire(session.socketUrl());
  await second.opened.catch(() => {});
  await within(2000, second.closed);
  wire.send("4alive");
  assert.equal(await wire.packet(), "4alive");
  wire.close();
});

test("upgrade: a candidate that talks nonsense is closed, polling goes on", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const wire = new Wire(session.socketUrl());
  await wire.opened;
  wire.send("4too early");
  await within(2000, wire.closed);
  await session.post("4alive");
  assert.equal(await session.packet(), "4alive");
});

test("upgrade: a candidate that goes away leaves the session", async ({ server }) => {
  const session = new Polling(server);
  await session.open();
  const wire = await probe(session);
  wire.socket.terminate();
  await wire.closed;
  await session.post("4alive");
  assert.equal(await session.packet(), "4alive");
});

await test.run();
