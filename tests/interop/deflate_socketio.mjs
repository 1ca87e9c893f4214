// permessage-deflate under Socket.IO and Engine.IO with the official clients, which offer it.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, connectClient, event, kBoth, kWebSocket } from "./support/client.mjs";
import { watchFrames } from "./support/frames.mjs";

const test = suite("deflate_socketio", { profile: "interop", args: ["--deflate"] });
const kThreshold = 1024;
const words = (size) => "lorem ipsum ".repeat(size / 10).slice(0, size);

// The client's engine on ws of npm, and the frames that come to it.
async function connectCompressed(context, options = {}) {
  const socket = await connectClient(context, { transports: kWebSocket, perMessageDeflate: { threshold: 0 }, ...options });
  const { ws } = socket.io.engine.transport;
  assert.match(ws.extensions, /^permessage-deflate/);
  const frames = watchFrames(ws);
  await ask(socket, "echo", "what was sent on connection has come");
  frames.length = 0;
  return { socket, frames };
}

test.naruOnly("what is large comes compressed, what is small does not", async (context) => {
  const { socket, frames } = await connectCompressed(context);
  for (const size of [10, 900, 5000, 100_000]) assert.equal(await ask(socket, "echo", words(size)), words(size));
  await until(() => frames.length === 4, "four frames");
  assert.deepEqual(frames.map((frame) => frame.compressed), [false, false, true, true]);
  assert.ok(frames[3].size < 5000);
});

test.naruOnly("the threshold counts the bytes of the frame", async (context) => {
  const { socket, frames } = await connectCompressed(context);
  const around = '431["'.length + '"]'.length;
  for (const size of [kThreshold - around - 1, kThreshold - around]) await ask(socket, "echo", words(size));
  await until(() => frames.length === 2, "two frames");
  assert.deepEqual(frames.map((frame) => frame.compressed), [false, true]);
});

test("binary parts and many messages keep their order", async (context) => {
  const { socket } = await connectCompressed(context);
  const sent = Array.from({ length: 50 }, (_, i) => ({ i, bytes: Buffer.alloc(i * 100, i), text: words(i * 50) }));
  const back = await Promise.all(sent.map((each) => ask(socket, "echo", each)));
  assert.deepEqual(back, sent);
});

test("a broadcast reaches compressed, plain and polling clients alike", async (context) => {
  const compressed = await Promise.all([1, 2, 3].map(() => connectCompressed(context)));
  const plain = await connectClient(context, { transports: kWebSocket, perMessageDeflate: false });
  const polling = await connectClient(context, { transports: ["polling"] });
  const all = [...compressed.map(({ socket }) => socket), plain, polling];
  for (const socket of all) await ask(socket, "join", "deflated");
  for (const data of [words(20_000), { bytes: Buffer.alloc(20_000, 7) }, words(20)]) {
    const heard = all.map((socket) => event(socket, "told"));
    await ask(plain, "send", { to: ["deflated"] }, "told", data);
    for (const [value] of await Promise.all(heard)) assert.deepEqual(value, data);
  }
  for (const { frames } of compressed) assert.ok(frames.filter((frame) => frame.compressed).length >= 2);
});

test.naruOnly("a broadcast may be sent as it is", async (context) => {
  const { socket, frames } = await connectCompressed(context);
  await ask(socket, "join", "as-it-is");
  for (const compress of [true, false]) {
    frames.length = 0;
    const heard = event(socket, "told");
    await ask(socket, "send", { to: ["as-it-is"], compress }, "told", words(20_000));
    assert.equal((await heard)[0], words(20_000));
    assert.equal(frames.find((frame) => frame.size > 200 || frame.compressed).compressed, compress);
  }
});

test("a session that began with polling is compressed after its upgrade", async (context) => {
  const socket = await connectClient(context, { transports: kBoth, perMessageDeflate: { threshold: 0 } });
  const { engine } = socket.io;
  await until(() => engine.transport.name === "websocket", "the upgrade");
  const frames = watchFrames(engine.transport.ws);
  assert.equal(await ask(socket, "echo", words(5000)), words(5000));
  assert.ok(frames.some((frame) => frame.compressed));
});

test("a message that inflates over the limit ends that connection only", async (context) => {
  const other = await connectClient(context);
  const { socket } = await connectCompressed(context);
  const ended = event(socket, "disconnect");
  socket.emit("echo", "x".repeat(1_000_001));
  assert.match((await ended)[0], /^transport (close|error)$/);
  assert.equal(await ask(other, "echo", 1), 1);
});

await test.run();
