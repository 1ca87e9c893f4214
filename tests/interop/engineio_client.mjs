// What the official engine.io-client is tested against, with that client: echoes, binary, UTF-8, cookies, refusals, limits.
import assert from "node:assert/strict";
import { Socket } from "engine.io-client";
import { suite, until, within } from "./support/suite.mjs";
import { Polling, Wire, openWire, refusedUpgrade } from "./support/engine.mjs";
import { request } from "./support/http.mjs";

const test = suite("engineio_client", { profile: "engineio-client" });
const kMaxPayload = 100;
const kWays = [["polling", ["polling"]], ["websocket", ["websocket"]], ["polling, then websocket", ["polling", "websocket"]]];

// A client whose messages are read one after another; the first is "hi".
async function connect({ server, after }, options) {
  const socket = new Socket(`http://localhost:${server.port}`, options);
  after(() => socket.close());
  socket.binaryType = "arraybuffer";
  const arrived = [];
  const waiting = [];
  socket.on("message", (data) => (waiting.length ? waiting.shift()(data) : arrived.push(data)));
  socket.next = () => within(5000, arrived.length ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve)), "a message");
  await within(5000, new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject)), "opening");
  assert.equal(await socket.next(), "hi");
  return socket;
}

const closed = (socket) => within(5000, new Promise((resolve) => socket.once("close", (reason, description) => resolve({ reason, description }))), "the end");
const failed = (socket) => within(5000, new Promise((resolve) => socket.once("error", resolve)), "an error");

for (const [way, transports] of kWays) {
  test(`${way}: says hi and echoes text`, async (context) => {
    const socket = await connect(context, { transports });
    socket.send("hello");
    assert.equal(await socket.next(), "hello");
  });

  test(`${way}: text with many scripts, both ways`, async (context) => {
    const socket = await connect(context, { transports });
    const text = "cash money € 😀 пойду";
    socket.send(text);
    assert.equal(await socket.next(), text);
    socket.send("give utf8");
    assert.equal(await socket.next(), "пойду спать всем спокойной ночи");
  });

  test(`${way}: binary, both ways`, async (context) => {
    const socket = await connect(context, { transports });
    const bytes = Uint8Array.from([0, 1, 2, 250, 255]);
    socket.send(bytes.buffer);
    assert.deepEqual(new Uint8Array(await socket.next()), bytes);
    socket.send("give binary");
    assert.deepEqual(new Uint8Array(await socket.next()), Uint8Array.from([0, 1, 2, 3, 4]));
  });

  test(`${way}: many messages in order`, async (context) => {
    const socket = await connect(context, { transports });
    const sent = Array.from({ length: 50 }, (_, i) => `message ${i}`);
    for (const text of sent) socket.send(text);
    for (const text of sent) assert.equal(await socket.next(), text);
  });

  test(`${way}: pings keep it open past two intervals`, async (context) => {
    const socket = await connect(context, { transports });
    let pings = 0;
    await within(5000, new Promise((resolve) => socket.on("ping", () => ++pings === 2 && resolve())), "two pings");
    assert.equal(socket.readyState, "open");
  });
}

test("upgrades by itself", async (context) => {
  const socket = await connect(context, {});
  if (socket.transport.name !== "websocket") await within(5000, new Promise((resolve) => socket.once("upgrade", resolve)), "the upgrade");
  assert.equal(socket.transport.name, "websocket");
});

test("payloads of exactly the limit, packed by the client, are taken", async (context) => {
  const socket = await connect(context, { transports: ["polling"] });
  // The first goes alone; the others wait for its POST, and the client packs them up to 100 bytes.
  const sent = ["a", "b".repeat(46), "c".repeat(51), "d".repeat(99), Uint8Array.from({ length: 71 }, (_, i) => i), "e"];
  for (const data of sent) socket.send(data);
  for (const data of sent) {
    const got = await socket.next();
    if (typeof data === "string") assert.equal(got, data);
    else assert.deepEqual(new Uint8Array(got), data);
  }
});

test("websocket: exactly the limit comes back, more closes with 1009 and no reason", async (context) => {
  const wire = await openWire(context.server);
  assert.equal(await wire.packet(), "4hi");
  wire.send("4" + "x".repeat(kMaxPayload - 1));
  assert.equal((await wire.packet()).length, kMaxPayload);
  wire.send("4" + "x".repeat(kMaxPayload));
  assert.deepEqual(await within(5000, wire.closed), { code: 1009, reason: "" });
});

test("polling: more than the limit is 413 without a body, and the client hears of it", async (context) => {
  const session = new Polling(context.server);
  await session.open();
  const answer = await session.post("4" + "x".repeat(kMaxPayload));
  assert.deepEqual([answer.status, answer.body], [413, ""]);
  const socket = await connect(context, { transports: ["polling"] });
  socket.send("y".repeat(kMaxPayload));
  const { reason, description } = await closed(socket);
  assert.equal(reason, "transport error");
  assert.equal(description.description, 413);
});

test("websocket: the client hears of too large a message", async (context) => {
  const socket = await connect(context, { transports: ["websocket"] });
  socket.send("y".repeat(kMaxPayload));
  const { reason, description } = await closed(socket);
  assert.equal(reason, "transport close");
  assert.equal(description.context.code, 1009);
  assert.equal(description.context.reason, "");
});

test("a denied client gets an error: polling", async ({ server, after }) => {
  const socket = new Socket(`http://localhost:${server.port}`, { transports: ["polling"], query: { deny: 1 } });
  after(() => socket.close());
  assert.equal((await failed(socket)).description, 403);
  const answer = await request(server, "/engine.io/?EIO=4&transport=polling&deny=1");
  assert.equal(answer.body, '{"code":4,"message":"Forbidden"}');
});

test("a denied client gets an error: websocket", async ({ server, after }) => {
  const socket = new Socket(`http://localhost:${server.port}`, { transports: ["websocket"], query: { deny: 1 } });
  after(() => socket.close());
  assert.equal((await failed(socket)).type, "TransportError");
});

test("an unknown sid: polling says so literally, websocket fails before 101", async ({ server }) => {
  const answer = await request(server, "/engine.io/?EIO=4&transport=polling&sid=abc");
  assert.deepEqual([answer.status, answer.body], [400, '{"code":1,"message":"Session ID unknown"}']);
  const refused = await refusedUpgrade(server, "/engine.io/?EIO=4&transport=websocket&sid=abc");
  assert.equal(refused.status, 400);
});

test("four cookies with the handshake, none later", async ({ server }) => {
  const session = new Polling(server);
  const opened = await request(server, "/engine.io/?EIO=4&transport=polling");
  const names = opened.headers["set-cookie"].map((one) => one.split(";")[0]);
  assert.deepEqual(names, ["1=1", "2=2", "3=3", "4=4"]);
  session.sid = JSON.parse(opened.body.slice(1)).sid;
  assert.equal((await session.get()).headers["set-cookie"], undefined);
});

test("sendHeaders: with credentials the cookies come back in the POST that asks", async (context) => {
  const socket = await connect(context, { transports: ["polling"], withCredentials: true });
  socket.send("sendHeaders");
  assert.equal(JSON.parse(await socket.next()).cookie, "1=1; 2=2");
});

test("sendHeaders: without credentials there are none, other headers are there", async (context) => {
  const socket = await connect(context, { transports: ["polling"], withCredentials: false, extraHeaders: { "X-Custom": "yes" } });
  socket.send("sendHeaders");
  const headers = JSON.parse(await socket.next());
  assert.equal(headers.cookie, undefined);
  assert.equal(headers["x-custom"], "yes");
  assert.match(headers["content-type"], /^text\/plain/);
});

test.naruOnly("sendHeaders: on a WebSocket there is no such request", async (context) => {
  const socket = await connect(context, { transports: ["websocket"] });
  socket.send("sendHeaders");
  assert.equal(await socket.next(), "null");
});

test("the client closes: the server forgets the session", async (context) => {
  const socket = await connect(context, { transports: ["polling"] });
  const { id } = socket;
  const end = closed(socket);
  socket.close();
  assert.equal((await end).reason, "forced close");
  // PUT does nothing to a session that is there; the client's goodbye is still on its way.
  const ask = () => request(context.server, `/engine.io/?EIO=4&transport=polling&sid=${id}`, { method: "PUT" });
  await until(async () => (await ask()).body === '{"code":1,"message":"Session ID unknown"}', "the session to be forgotten");
});

test("base64 when asked for: binary as text on a WebSocket", async ({ server }) => {
  const wire = await Wire.open(server, "/engine.io/?EIO=4&transport=websocket&b64=1");
  await wire.next();
  assert.equal(await wire.packet(), "4hi");
  wire.send("4give binary");
  assert.equal(await wire.packet(), "bAAECAwQ=");
  wire.close();
});

await test.run();
