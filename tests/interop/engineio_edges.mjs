// The corners of Engine.IO v4: wrong packets, concurrent requests, limits, CORS, literal statuses and bodies.
import assert from "node:assert/strict";
import http from "node:http";
import { suite, kSettle, pause, within } from "./support/suite.mjs";
import { Polling, Wire, kSeparator, openWire } from "./support/engine.mjs";
import { handshakeHead, rawExchange, request } from "./support/http.mjs";

const test = suite("engineio_edges", { profile: "engineio" });
const kUnknown = '{"code":1,"message":"Session ID unknown"}';
const kMaxPayload = 1_000_000;

async function openSession(server) {
  const session = new Polling(server);
  await session.open();
  return session;
}

test("the path needs its slash", async ({ server }) => {
  assert.equal((await request(server, "/engine.io?EIO=4&transport=polling")).status, 404);
});

test("anything under the path is taken", async ({ server }) => {
  assert.equal((await request(server, "/engine.io/more?EIO=4&transport=polling")).status, 200);
});

test("the last of two equal query keys wins", async ({ server }) => {
  assert.equal((await request(server, "/engine.io/?EIO=3&EIO=4&transport=abc&transport=polling")).status, 200);
});

test("a second GET while one waits ends the session", async ({ server }) => {
  const session = await openSession(server);
  const first = session.get();
  await pause(kSettle);
  const second = await session.get();
  assert.equal(second.status, 400);
  assert.equal(second.body, "");
  assert.equal((await first).body, "1");
  assert.equal((await session.get()).body, kUnknown);
});

test("a second POST while one is open ends the session", async ({ server }) => {
  const session = await openSession(server);
  const slow = http.request({ port: server.port, host: "localhost", path: session.url(), method: "POST", agent: false, headers: { "content-length": 10 } });
  slow.on("error", () => {});
  slow.on("response", (answer) => answer.resume());
  slow.write("4");
  await pause(kSettle);
  assert.equal((await session.post("4x")).status, 400);
  slow.destroy();
  assert.equal((await session.get()).body, kUnknown);
});

test("a client that hangs up its GET ends the session", async ({ server }) => {
  const session = await openSession(server);
  const outgoing = http.request({ port: server.port, host: "localhost", path: session.url(), agent: false });
  outgoing.on("error", () => {});
  outgoing.end();
  await pause(kSettle);
  outgoing.destroy();
  await pause(kSettle);
  assert.equal((await session.get()).body, kUnknown);
});

test("a POST of bytes is refused and ends the session", async ({ server }) => {
  const session = await openSession(server);
  const answer = await session.post("4x", { headers: { "content-type": "application/octet-stream" } });
  assert.equal(answer.status, 400);
  assert.equal((await session.get()).body, kUnknown);
});

test("a chunked POST works", async ({ server }) => {
  const session = await openSession(server);
  const answer = await session.post("4in chunks", { headers: { "transfer-encoding": "chunked" } });
  assert.equal(answer.body, "ok");
  assert.equal(await session.packet(), "4in chunks");
});

test("a bad packet type: the POST is ok, the session ends", async ({ server }) => {
  const session = await openSession(server);
  const answer = await session.post("4good" + kSeparator + "abc");
  assert.equal(answer.status, 200);
  assert.equal(answer.body, "ok");
  assert.equal((await session.get()).body, kUnknown);
});

test("a client that pings ends its session", async ({ server }) => {
  const session = await openSession(server);
  await session.post("2");
  assert.equal((await session.get()).body, kUnknown);
});

for (const [what, data] of [["an unknown packet", "abc"], ["an empty text frame", ""], ["a ping", "2"]]) {
  test(`websocket: ${what} closes the connection`, async ({ server }) => {
    const wire = await openWire(server);
    wire.send(data);
    await within(400, wire.closed, "closing");
  });
}

test("PUT and DELETE with a sid are no server's fault that hurts others", async ({ server }) => {
  const session = await openSession(server);
  for (const method of ["PUT", "DELETE"]) {
    const answer = await request(server, session.url(), { method });
    assert.ok(answer.status >= 400, `${method}: ${answer.status}`);
  }
});

// Limits

test("exactly the limit is taken by POST, one byte more is 413 with an empty body", async ({ server }) => {
  const session = await openSession(server);
  assert.equal((await session.post("4" + "x".repeat(kMaxPayload - 1))).body, "ok");
  assert.equal((await session.packet()).length, kMaxPayload);
  const answer = await session.post("4" + "x".repeat(kMaxPayload));
  assert.equal(answer.status, 413);
  assert.equal(answer.body, "");
});

test("a chunked POST over the limit is 413", async ({ server }) => {
  const session = await openSession(server);
  const answer = await session.post("4" + "x".repeat(kMaxPayload), { headers: { "transfer-encoding": "chunked" } });
  assert.equal(answer.status, 413);
});

test("the limit counts all packets of a POST, as bytes", async ({ server }) => {
  const session = await openSession(server);
  const euros = "4" + "€".repeat(200_000);
  assert.equal((await session.post(euros + kSeparator + "4" + "x".repeat(kMaxPayload - 600_003))).body, "ok");
  const other = await openSession(server);
  assert.equal((await other.post(euros + kSeparator + "4" + "x".repeat(kMaxPayload - 600_002))).status, 413);
});

test("websocket: exactly the limit comes back, one byte more is 1009 without reason", async ({ server }) => {
  const wire = await openWire(server);
  wire.send("4" + "x".repeat(kMaxPayload - 1));
  assert.equal((await wire.packet()).length, kMaxPayload);
  wire.send("4" + "x".repeat(kMaxPayload));
  assert.deepEqual(await within(5000, wire.closed), { code: 1009, reason: "" });
});

test("after another's failures, others go on", async ({ server }) => {
  const good = await openWire(server);
  const bad = await openWire(server);
  bad.send("x");
  await bad.closed;
  good.send("4alive");
  assert.equal(await good.packet(), "4alive");
  good.close();
});

// CORS: the profile allows every origin.

test("CORS: the preflight", async ({ server }) => {
  const answer = await request(server, "/engine.io/?EIO=4&transport=polling", {
    method: "OPTIONS",
    headers: { origin: "http://example.org", "access-control-request-method": "POST", "access-control-request-headers": "x-one" },
  });
  assert.equal(answer.status, 204);
  assert.equal(answer.headers["access-control-allow-origin"], "*");
  assert.equal(answer.headers["access-control-allow-methods"], "GET,HEAD,PUT,PATCH,POST,DELETE");
  assert.equal(answer.headers["access-control-allow-headers"], "x-one");
  assert.match(answer.headers.vary, /Access-Control-Request-Headers/);
});

test("CORS: handshake, POST and error carry the header", async ({ server }) => {
  const origin = { origin: "http://example.org" };
  const opened = await request(server, "/engine.io/?EIO=4&transport=polling", { headers: origin });
  const refused = await request(server, "/engine.io/?EIO=4&transport=nothing", { headers: origin });
  for (const answer of [opened, refused]) assert.equal(answer.headers["access-control-allow-origin"], "*");
});

// EIO=3

test.naruOnly("EIO=3 by WebSocket is refused before 101", async ({ server }) => {
  const text = await rawExchange(server, handshakeHead("/engine.io/?EIO=3&transport=websocket"), undefined, 2000);
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.ok(!text.includes("101"), text);
  assert.match(text, /Unsupported protocol version$/);
});

test("a refused upgrade is plain text and closes", async ({ server }) => {
  const text = await rawExchange(server, handshakeHead("/engine.io/?EIO=4&transport=abc"), undefined, 2000);
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.match(text, /\r\ncontent-type: text\/html/i);
  assert.match(text, /\r\nconnection: close/i);
  assert.match(text, /\r\n\r\nTransport unknown$/);
});

test.naruOnly("bytes behind the handshake in the same segment are not lost", async ({ server }) => {
  const mask = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x61]);
  const head = Buffer.from(handshakeHead("/engine.io/?EIO=4&transport=websocket"));
  const text = await rawExchange(server, Buffer.concat([head, mask]), (all) => all.includes("\x81\x024a"));
  assert.ok(text.includes("\x81\x024a"), "the echo of a frame that came with the handshake");
});

test("compression is declined", async ({ server }) => {
  const wire = await Wire.open(server, "/engine.io/?EIO=4&transport=websocket", { perMessageDeflate: true });
  assert.equal(wire.socket.extensions, "");
  wire.close();
});

await test.run();
