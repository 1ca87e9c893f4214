// What socket.io-client's own tests ask of their server (the profile `socketio-client`), on both transports.
import assert from "node:assert/strict";
import { pause, suite, until } from "./support/suite.mjs";
import { ask, connectClient, event, kPolling, kWebSocket, makeClient, refusal } from "./support/client.mjs";

const test = suite("socketio_client", { profile: "socketio-client" });
const kEightBytes = Buffer.from("asdfasdf");
const kMixed = { hello: "lol", message: Buffer.from("asdf"), goodbye: "gotcha" };
const isIsoDate = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && Math.abs(new Date(text) - Date.now()) < 60_000;

// The value that comes back under `answer` when `question` is emitted. With recovery an offset stands behind it.
async function reply(socket, question, answer, ...values) {
  const came = event(socket, answer);
  socket.emit(question, ...values);
  return (await came)[0];
}

for (const transports of [kPolling, kWebSocket]) {
  const connect = (context, namespace, options) => connectClient(context, { transports, ...options }, namespace);

  test(`${transports}: events and acknowledgements`, async (context) => {
    const socket = await connect(context);
    await reply(socket, "hi", "hi");
    for (const value of [123, null, "", false, kEightBytes]) assert.deepEqual(await ask(socket, "echo", value), value);
    socket.on("ack", (ack) => ack(5, { test: true }));
    await reply(socket, "ack", "got it");
    assert.equal(await reply(socket, "false", "false"), false);
    assert.equal(await ask(socket, "getId"), socket.id);
  });

  test(`${transports}: dates are ISO text`, async (context) => {
    const socket = await connect(context);
    assert.ok(isIsoDate(await ask(socket, "getAckDate", { test: true })));
    assert.ok(isIsoDate(await reply(socket, "getDate", "takeDate")));
    assert.ok(isIsoDate((await reply(socket, "getDateObj", "takeDateObj")).date));
  });

  test(`${transports}: text of all kinds, in order`, async (context) => {
    const socket = await connect(context);
    const texts = [];
    socket.on("takeUtf8", (text) => texts.push(text));
    socket.emit("getUtf8");
    await until(() => texts.length === 5, "five texts");
    assert.deepEqual(texts, ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"]);
  });

  test(`${transports}: binary both ways, mixed and in order`, async (context) => {
    const socket = await connect(context);
    assert.deepEqual(await reply(socket, "doge", "doge"), kEightBytes);
    assert.deepEqual(await reply(socket, "getbin", "takebin"), kEightBytes);
    await reply(socket, "buffa", "buffack", Buffer.from("asdfasdf"));
    await reply(socket, "jsonbuff", "jsonbuff-ack", kMixed);
    socket.emit("abuff1", Buffer.from("first"));
    await reply(socket, "abuff2", "abuff2-ack", "please arrive second");
    await reply(socket, "blob", "back", Buffer.from("blob"));
    await reply(socket, "jsonblob", "jsonblob-ack", kMixed);
    socket.emit("blob1", Buffer.from("first"));
    socket.emit("blob2", "second");
    await reply(socket, "blob3", "blob3-ack", Buffer.from("third"));
  });

  test(`${transports}: namespaces, by name and with a query`, async (context) => {
    const foo = await connect(context, "/foo");
    assert.equal(await ask(foo, "getId"), foo.id);
    for (const name of ["/timeout_socket", "/valid", "/asd"]) await connect(context, name);
    for (const name of ["/invalid", "/bar", "/timeout", "/room1"]) {
      assert.equal((await refusal(makeClient(context, { transports }, name))).message, "Invalid namespace");
    }
  });

  test(`${transports}: the handshake has all its fields`, async (context) => {
    const auth = { a: "b", c: [1] };
    const socket = makeClient(context, { transports, auth, query: { x: "y z", n: "1" }, extraHeaders: { "X-Two": "zwei" } }, "/abc");
    const [shake] = await event(socket, "handshake");
    const { headers, time, address, xdomain, secure, issued, url, query } = shake;
    assert.deepEqual(shake.auth, auth);
    assert.equal(query.x, "y z");
    assert.equal(query.n, "1");
    assert.equal(query.transport, transports[0]);
    assert.equal(query.EIO, "4");
    assert.equal(headers["x-two"], "zwei");
    assert.equal(headers.host, `localhost:${context.server.port}`);
    assert.ok(Math.abs(new Date(time) - Date.now()) < 60_000);
    assert.ok(["::1", "127.0.0.1", "::ffff:127.0.0.1"].includes(address));
    assert.equal(xdomain, false);
    assert.equal(secure, false);
    assert.ok(Number.isInteger(issued) && Math.abs(issued - Date.now()) < 60_000);
    assert.ok(url.startsWith("/socket.io/?"));
    const root = await connect(context, "/", { query: { x: "1" } });
    assert.equal((await ask(root, "getHandshake")).query.x, "1");
  });

  test(`${transports}: gates refuse in the main namespace by the query, and in a namespace of their own`, async (context) => {
    const main = await refusal(makeClient(context, { transports, query: { fail: true } }));
    assert.equal(main.message, "Auth failed (main namespace)");
    const own = await refusal(makeClient(context, { transports }, "/no"));
    assert.equal(own.message, "Auth failed (custom namespace)");
  });
}

test("what nobody handles is never acknowledged, and harms nobody", async (context) => {
  const socket = await connectClient(context, { transports: kWebSocket });
  let answers = 0;
  for (const name of ["unknown", "event", "my-event"]) socket.emit(name, () => answers++);
  await ask(socket, "echo", 1);
  assert.equal(answers, 0);
});

test("a connection is never instant: a time-out of 0 fails", async (context) => {
  const socket = makeClient(context, { timeout: 0 });
  assert.equal((await refusal(socket)).message, "timeout");
});

test("a client with retries sends one packet at a time", async (context) => {
  if (process.env.CLIENT === "4.0") return;
  const socket = await connectClient(context, { transports: kWebSocket, retries: 1, ackTimeout: 2000 });
  const answers = await Promise.all([1, 2, 3].map((n) => new Promise((resolve) => socket.emit("echo", n, (error, value) => resolve(error ?? value)))));
  assert.deepEqual(answers, [1, 2, 3]);
});

// Each packet that comes counts: what is not wanted is sent again, and answered again.
test.newClientOnly("with retries exactly three packets arrive: open, connect, the answer", async (context) => {
  const socket = makeClient(context, { transports: kWebSocket, retries: 1, ackTimeout: 1000 });
  const packets = [];
  socket.io.engine.on("packet", ({ type, data }) => packets.push(type === "message" ? data : type));
  socket.emit("echo", null);
  await until(() => packets.length >= 3, "three packets");
  await pause(100);
  assert.equal(packets.length, 3);
  assert.equal(packets[0], "open");
  assert.match(packets[1], /^0\{"sid":"[\w-]{20}","pid":"[\w-]+"\}$/);
  assert.equal(packets[2], "30[null]");
});

test.newClientOnly("plain emits carry an offset, and a lost connection comes back as the same socket", async (context) => {
  const socket = makeClient(context, { transports: kWebSocket, reconnection: true, reconnectionDelay: 10 });
  const ids = [];
  socket.on("connect", () => ids.push([socket.id, socket.recovered]));
  assert.equal(typeof (await reply(socket, "hi", "hi")), "string");
  socket.io.engine.close(); // as abrupt as a client can
  await until(() => ids.length === 2, "it is connected again");
  assert.deepEqual(ids, [[ids[0][0], false], [ids[0][0], true]]);
  await reply(socket, "hi", "hi");
});

await test.run();
