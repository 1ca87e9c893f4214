// 10,000 numbered messages each way while sessions upgrade: none lost, repeated or out of order.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, connectClient, connected, kBoth, kPolling, kWebSocket, makeClient, upgraded } from "./support/client.mjs";

const test = suite("upgrade_load", { profile: "interop" });
const kMessages = 10_000;
const kLimitMs = 60_000;

// Sends `count` numbers and wants as many back, in order; the client sends while the answers come.
async function cross(socket, count, { batch = 50, atThird = () => {} } = {}) {
  let next = 0;
  let wrong = 0;
  socket.on("number", (i) => (i === next ? next++ : wrong++));
  for (let sent = 0; sent < count; ) {
    if (sent >= count / 3) atThird();
    for (let i = 0; i < batch && sent < count; i++) socket.emit("number", sent++);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => next + wrong >= count, `${count} answers (${next} right, ${wrong} wrong)`, kLimitMs);
  assert.deepEqual({ next, wrong }, { next: count, wrong: 0 });
  assert.deepEqual(await ask(socket, "totals"), { received: count, errors: 0, sent: count });
}

// Keeps the client's engine from probing until the returned function is called (again is no harm).
function holdUpgrade(socket) {
  let probe;
  socket.io.once("open", () => {
    const { engine } = socket.io;
    const name = "_probe" in engine ? "_probe" : "probe";
    const original = engine[name].bind(engine);
    engine[name] = (transport) => (probe = () => original(transport));
  });
  return () => (probe?.(), (probe = undefined));
}

for (const [name, transports] of [["polling", kPolling], ["websocket", kWebSocket]]) {
  test(`${name}: ${kMessages} each way`, async (context) => {
    await cross(await connectClient(context, { transports }), kMessages);
  }, kLimitMs);
}

test(`one session upgrades while ${kMessages} go each way`, async (context) => {
  const socket = makeClient(context, { transports: kBoth });
  const upgrade = holdUpgrade(socket);
  await connected(socket);
  assert.equal(socket.io.engine.transport.name, "polling");
  await cross(socket, kMessages, { atThird: upgrade });
  await upgraded(socket);
}, kLimitMs);

test("twenty sessions upgrade at once, 500 each way in each", async (context) => {
  await Promise.all(Array.from({ length: 20 }, async () => {
    const socket = makeClient(context, { transports: kBoth });
    const upgrade = holdUpgrade(socket);
    await connected(socket);
    await cross(socket, 500, { batch: 10, atThird: upgrade });
    await upgraded(socket);
  }));
}, kLimitMs);

test("a burst of the server's stands in the queue when the upgrade comes", async (context) => {
  const socket = makeClient(context, { transports: kBoth });
  const upgrade = holdUpgrade(socket);
  let next = 0;
  let wrong = 0;
  socket.on("number", (i) => (i === next ? next++ : wrong++));
  await connected(socket);
  for (let i = 0; i < 10; i++) socket.emit("burst", 200, 100);
  upgrade();
  await until(() => next + wrong >= 2000, "2000 numbers", kLimitMs);
  assert.deepEqual({ next, wrong }, { next: 2000, wrong: 0 });
  await upgraded(socket);
}, kLimitMs);

test("others' broadcasts during the upgrade arrive once and in order", async (context) => {
  const sender = await connectClient(context, { transports: kWebSocket });
  const readers = await Promise.all(Array.from({ length: 10 }, async () => {
    const socket = makeClient(context, { transports: kBoth });
    const got = [];
    socket.on("line", (i) => got.push(i));
    await connected(socket);
    await ask(socket, "join", "readers");
    return { socket, got };
  }));
  for (let i = 0; i < 1000; i++) {
    sender.emit("send", { to: ["readers"] }, "line", i, () => {});
    if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const all = Array.from({ length: 1000 }, (_, i) => i);
  await until(() => readers.every(({ got }) => got.length >= 1000), "1000 lines for each", kLimitMs);
  for (const { got } of readers) assert.deepEqual(got, all);
}, kLimitMs);

await test.run();
