// A client that stops reading while its room is flooded: the server's memory stays within the limit, the client
// is told why, and the others see no delay. The reference has no limit here: it keeps everything.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, until } from "./support/suite.mjs";
import { ask, connectClient, event, kPolling, kWebSocket } from "./support/client.mjs";

const kLimit = 1_000_000;
const test = suite("pressure", { profile: "interop", args: ["--max-queued", String(kLimit), "--slow-grace", "15"] });

// More than the kernel holds for a connection (some 10 MB), so that the server must have kept the rest, or not.
const kMessages = 1500;
const kSize = 20_000;
const kFlood = kMessages * kSize;
const kSlack = 10_000_000; // what the allocator and the other connections need

const memory = ({ child }) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) * 1024;

// Joins the room and collects the numbers of what it hears there.
async function member(context, options) {
  const socket = await connectClient(context, options);
  socket.numbers = [];
  socket.on("much", (text) => socket.numbers.push(Number.parseInt(text, 10)));
  await ask(socket, "join", "flooded");
  return socket;
}

// Sends the flood, no faster than `others` hear it; meanwhile the first of them asks and is answered. Returns how
// long the answers took.
async function flood(context, others, messages, size) {
  const driver = await connectClient(context, { transports: kWebSocket });
  const padding = "x".repeat(size);
  const waits = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const begin = performance.now();
      assert.equal(await ask(others[0], "echo", begin), begin);
      waits.push(performance.now() - begin);
    }
  })();
  for (let i = 0; i < messages; ) {
    const some = [];
    for (const end = Math.min(i + 25, messages); i < end; i++) some.push(ask(driver, "send", { to: ["flooded"] }, "much", `${i}:${padding}`));
    await Promise.all(some);
    await until(() => others.every((other) => other.numbers.length === i), "the flood at the others", 15_000);
  }
  isOver = true;
  await asking;
  return waits.sort((a, b) => a - b);
}

const inOrder = (numbers) => numbers.every((number, i) => number === i);
const reasonOf = async (asker, id) => (await ask(asker, "ended")).find((end) => end.id === id)?.reason;

test.naruOnly("a WebSocket that stops reading is told why, and nobody else notices", async (context) => {
  const { server } = context;
  const others = await Promise.all([member(context, { transports: kWebSocket }), member(context, { transports: kPolling })]);
  const slow = await member(context, { transports: kWebSocket });
  const { id } = slow;
  const { _socket: socket } = slow.io.engine.transport.ws;
  socket.pause();

  const before = memory(server);
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, memory(server))), 20);
  context.after(() => clearInterval(watching));
  const waits = await flood(context, others, kMessages, kSize);
  most = Math.max(most, memory(server));
  assert.ok(most - before < kLimit + kSlack, `${most - before} bytes more for a flood of ${kFlood}`);

  assert.ok(others.every((other) => inOrder(other.numbers)));
  assert.ok(waits[Math.floor(waits.length / 2)] < 500, `answers took ${waits.at(-1)} ms at most`);
  assert.equal(await reasonOf(others[0], id), "transport error");

  const ended = event(slow, "disconnect", 15_000);
  socket.resume();
  const [reason, details] = await ended;
  assert.equal(reason, "transport close");
  assert.equal(details.context.code, 1008);
  assert.equal(details.context.reason, "too slow: max_queued is reached");
  assert.ok(inOrder(slow.numbers), "what it got has no gap");
  assert.ok(slow.numbers.length > 0 && slow.numbers.length < kMessages);
}, 60_000);

test.naruOnly("a polling client that does not come back for more gets what waits, and the goodbye", async (context) => {
  const other = await member(context, { transports: kWebSocket });
  const slow = await member(context, { transports: kPolling });
  const { id } = slow;
  const { transport } = slow.io.engine;
  const poll = transport._poll.bind(transport);
  const held = new Promise((resolve) => (transport._poll = () => resolve()));
  await ask(slow, "echo", 1);
  await held;

  await flood(context, [other], 100, kSize);
  await until(async () => (await reasonOf(other, id)) === "transport error", "the end of the slow one");
  assert.ok(inOrder(other.numbers));

  const ended = event(slow, "disconnect");
  transport._poll = poll;
  poll();
  const [reason, details] = await ended;
  assert.equal(reason, "transport close");
  assert.equal(details.description, "transport closed by the server");
  assert.ok(inOrder(slow.numbers), "what it got has no gap");
  assert.ok(slow.numbers.length >= Math.floor((kLimit * 0.9) / kSize) && slow.numbers.length < 100, `it got ${slow.numbers.length}`);
});

test.naruOnly("one that only slept a moment misses nothing", async (context) => {
  const other = await member(context, { transports: kWebSocket });
  const sleepy = await member(context, { transports: kPolling });
  const { transport } = sleepy.io.engine;
  const poll = transport._poll.bind(transport);
  const held = new Promise((resolve) => (transport._poll = () => resolve()));
  await ask(sleepy, "echo", 1);
  await held;
  await flood(context, [other], 40, kSize);
  transport._poll = poll;
  poll();
  await until(() => sleepy.numbers.length === 40, "all of it");
  assert.ok(inOrder(sleepy.numbers));
  assert.equal(await ask(sleepy, "echo", 2), 2);
});

await test.run();
