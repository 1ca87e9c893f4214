// What one peer can take too much of, and that the others do not notice.
import assert from "node:assert/strict";
import { suite, within } from "./support/suite.mjs";
import { Wire, openWire } from "./support/engine.mjs";
import { rawExchange, request } from "./support/http.mjs";
import { ask, connectClient, event, kPolling, kWebSocket } from "./support/client.mjs";

const test = suite("limits", { profile: "interop" });
const kMaxPayload = 1_000_000;

test("a message of the greatest size goes through on each transport", async (context) => {
  for (const transports of [kPolling, kWebSocket]) {
    const socket = await connectClient(context, { transports });
    const text = "x".repeat(kMaxPayload - 100);
    assert.equal((await ask(socket, "echo", text)).length, text.length);
  }
});

test("a larger WebSocket message closes that connection only", async (context) => {
  const other = await connectClient(context);
  const socket = await connectClient(context, { transports: kWebSocket });
  const ended = event(socket, "disconnect");
  socket.emit("echo", "x".repeat(kMaxPayload + 1));
  assert.match((await ended)[0], /^transport (close|error)$/);
  assert.equal(await ask(other, "echo", 1), 1);
});

test("a larger POST ends in transport error", async (context) => {
  const socket = await connectClient(context, { transports: kPolling });
  const ended = event(socket, "disconnect");
  socket.emit("echo", "x".repeat(kMaxPayload + 1));
  assert.equal((await ended)[0], "transport error");
});

test("more binary parts than max_attachments end the connection at the packet that announces them", async ({ server }) => {
  const wire = await openWire(server, "/socket.io/");
  wire.send("40");
  await wire.packet();
  await wire.packet();
  const parts = (count) => JSON.stringify(["echo", Array.from({ length: count }, (_, num) => ({ _placeholder: true, num }))]);
  wire.send(`4510-0${parts(10)}`);
  for (let i = 0; i < 10; i++) wire.send(Buffer.alloc(900_000));
  assert.match(await wire.packet(), /^4610-0\[/);
  for (let i = 0; i < 10; i++) assert.equal((await wire.packet()).length, 900_000);
  wire.send(`4511-0${parts(11)}`);
  await within(5000, wire.closed);
  assert.equal((await request(server, "/")).body, "interop");
});

const kHeads = [
  ["a head of 100 KB", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ["ten thousand header fields", `GET / HTTP/1.1\r\nHost: localhost\r\n${"X: y\r\n".repeat(10_000)}\r\n`, /^HTTP\/1\.1 431 /],
  ["a target of 100 KB", `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /^HTTP\/1\.1 (414|431) /],
  ["no HTTP", "hello\r\n\r\n", /^HTTP\/1\.1 400 /],
];
for (const [what, bytes, answer] of kHeads) {
  test(`${what} is refused`, async ({ server }) => {
    assert.match(await rawExchange(server, bytes, (all) => all.includes("\r\n\r\n")), answer);
    assert.equal((await request(server, "/")).body, "interop");
  });
}

test("a WebSocket frame that is not masked is 1002", async ({ server }) => {
  const wire = await Wire.open(server, "/socket.io/?EIO=4&transport=websocket");
  wire.socket._socket.write(Buffer.from([0x81, 0x01, 0x34]));
  assert.equal((await within(2000, wire.closed)).code, 1002);
});

test("text that is not UTF-8 is 1007", async ({ server }) => {
  const wire = await Wire.open(server, "/socket.io/?EIO=4&transport=websocket");
  wire.socket._socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0xff]));
  assert.equal((await within(2000, wire.closed)).code, 1007);
});

test("another WebSocket version is refused before 101", async ({ server }) => {
  const head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  assert.match(await rawExchange(server, head, (all) => all.includes("\r\n\r\n")), /^HTTP\/1\.1 4(00|26) /);
});

test("a thousand connections that come and go leave the server well", async (context) => {
  const { server } = context;
  for (let round = 0; round < 10; round++) {
    const wires = await Promise.all(Array.from({ length: 100 }, () => openWire(server, "/socket.io/")));
    wires.forEach((wire, i) => (i % 2 ? wire.close() : wire.socket.terminate()));
    await Promise.all(wires.map((wire) => wire.closed));
  }
  assert.equal(await ask(await connectClient(context), "echo", 1), 1);
});

await test.run();
