// The official client on each transport: events, acks both ways, binary both ways, namespaces, auth, middleware.
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { ask, connectClient, connected, event, kBoth, kPolling, kWebSocket, makeClient, refusal, upgraded } from "./support/client.mjs";

const test = suite("client_basics", { profile: "interop" });
const kBytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

for (const [name, transports] of [["polling", kPolling], ["websocket", kWebSocket], ["upgrade", kBoth]]) {
  const connect = async (context, options, namespace) => {
    const socket = await connectClient(context, { transports, ...options }, namespace);
    if (transports === kBoth) await upgraded(socket);
    return socket;
  };

  test(`${name}: connects, and the transport is the one asked for`, async (context) => {
    const socket = makeClient(context, { transports });
    const [id, auth] = await event(socket, "hello");
    assert.equal(id, socket.id);
    assert.deepEqual(auth, {});
    if (transports === kBoth) await upgraded(socket);
    assert.equal(socket.io.engine.transport.name, transports.at(-1));
  });

  test(`${name}: every kind of value comes back in an ack`, async (context) => {
    const socket = await connect(context);
    const values = [null, true, false, 0, -1.5e-300, "", "한국어 🚢  \u0000\"\\", [], {}, [[[]]], { a: { "": [1, "2", null] } }, "x".repeat(100_000)];
    for (const value of values) assert.deepEqual(await ask(socket, "echo", value), value);
  });

  test(`${name}: binary both ways, alone and nested, with text around`, async (context) => {
    const socket = await connect(context);
    assert.deepEqual(await ask(socket, "echo", kBytes), kBytes);
    assert.deepEqual(await ask(socket, "echo", { deep: [1, { bytes: kBytes }], also: Buffer.alloc(0) }), { deep: [1, { bytes: kBytes }], also: Buffer.alloc(0) });
    const arrived = event(socket, "mirror");
    socket.emit("mirror", { one: kBytes }, Buffer.from("two"));
    assert.deepEqual(await arrived, [{ one: kBytes }, Buffer.from("two")]);
    const large = Buffer.alloc(500_000, 7);
    assert.deepEqual(await ask(socket, "echo", large), large);
  });

  test(`${name}: the server asks, the client answers, text and binary`, async (context) => {
    const socket = await connect(context);
    socket.on("question", (value, answer) => answer({ you_said: value }));
    assert.deepEqual(await ask(socket, "ask", "question", "text"), { you_said: "text" });
    assert.deepEqual(await ask(socket, "ask", "question", kBytes), { you_said: kBytes });
  });

  test(`${name}: many acks at once are told apart`, async (context) => {
    const socket = await connect(context);
    const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => ask(socket, "echo", i)));
    assert.deepEqual(answers, Array.from({ length: 500 }, (_, i) => i));
  });

  test(`${name}: auth reaches the handshake`, async (context) => {
    const socket = makeClient(context, { transports, auth: { name: "나루", deep: [1, { two: 3 }] } });
    assert.deepEqual((await event(socket, "hello"))[1], { name: "나루", deep: [1, { two: 3 }] });
  });

  test(`${name}: two namespaces on one connection`, async (context) => {
    const main = await connect(context);
    const custom = main.io.socket("/custom");
    context.after(() => custom.disconnect());
    await connected(custom);
    assert.notEqual(custom.id, main.id);
    assert.equal(await ask(custom, "echo", "custom"), "custom");
    custom.disconnect();
    assert.equal(await ask(main, "echo", "main"), "main");
  });
}

test("an unknown namespace is refused, the others go on", async (context) => {
  const main = await connectClient(context);
  const nowhere = main.io.socket("/nowhere");
  nowhere.connect();
  assert.equal((await refusal(nowhere)).message, "Invalid namespace");
  assert.equal(nowhere.connected, false);
  assert.equal(await ask(main, "echo", 1), 1);
});

test("middleware refuses with message and data, in order", async (context) => {
  const first = await refusal(makeClient(context, {}, "/guarded"));
  assert.equal(first.message, "not authorized");
  assert.deepEqual(first.data, { code: 401 });
  const second = await refusal(makeClient(context, { auth: { token: "sesame" } }, "/guarded"));
  assert.equal(second.message, "no name");
  assert.equal(second.data, undefined);
});

test("middleware lets in, and auth may be a function asked at each connection", async (context) => {
  const socket = makeClient(context, { auth: (give) => give({ token: "sesame", name: "사공" }) }, "/guarded");
  assert.deepEqual(await event(socket, "granted"), ["사공"]);
});

test("a refused socket may try again with better auth on the same connection", async (context) => {
  const socket = makeClient(context, { auth: {} }, "/guarded");
  await refusal(socket);
  socket.auth = { token: "sesame", name: "again" };
  const granted = event(socket, "granted");
  socket.connect();
  assert.deepEqual(await granted, ["again"]);
});

test("a verdict may come later", async (context) => {
  await event(makeClient(context, {}, "/later"), "ready");
  assert.equal((await refusal(makeClient(context, { auth: { refuse: true } }, "/later"))).message, "too late");
});

test("a verdict that comes after the client has gone hurts nobody", async (context) => {
  const socket = makeClient(context, {}, "/later");
  await event(socket.io, "open");
  socket.io.engine.close();
  await event(makeClient(context, {}, "/later"), "ready");
});

test("rooms joined in a middleware that then refuses are left", async (context) => {
  await refusal(makeClient(context, { auth: { refuse: true } }, "/room-undone"));
  const kept = await connectClient(context, {}, "/room-undone");
  assert.deepEqual(await ask(kept, "who", "waiting"), [kept.id]);
});

test("arguments are checked", async (context) => {
  const socket = await connectClient(context);
  const twice = await new Promise((resolve) => socket.emit("strict", 1, "text", (...all) => resolve(all)));
  assert.deepEqual(twice, [2, "text"]);
  const bad = { error: "bad arguments", event: "strict" };
  assert.deepEqual(await ask(socket, "strict", "1", "text"), bad);
  assert.deepEqual(await ask(socket, "strict", 1.5, "text"), bad);
  assert.deepEqual(await ask(socket, "strict", 1, null), bad);
});

test.naruOnly("a handler that throws leaves the connection", async (context) => {
  const socket = await connectClient(context);
  socket.emit("throw", () => {});
  assert.equal(await ask(socket, "echo", "alive"), "alive");
});

test("the catch-all sees every event, in order", async (context) => {
  const socket = await connectClient(context);
  socket.emit("nobody", 1);
  socket.emit("mirror", 1, 2);
  assert.deepEqual(await ask(socket, "seen"), ["nobody", "mirror", "seen"]);
});

test.newClientOnly("client-side retries resend with a new ack id, and none is lost", async (context) => {
  const socket = await connectClient(context, { retries: 3, ackTimeout: 2000 });
  const answers = await Promise.all([1, 2, 3].map((i) => new Promise((resolve) => socket.emit("echo", i, (error, value) => resolve(value)))));
  assert.deepEqual(answers, [1, 2, 3]);
});

await test.run();
