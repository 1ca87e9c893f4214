// One socket: events, values, acknowledgements, volatile events, what the server knows of it (the checklist's "socket").
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { kSeparator, openWire, Polling } from "./support/engine.mjs";
import { ask, collect, connectClient, connected, event, kBoth, kPolling, kWebSocket, makeClient, upgraded } from "./support/client.mjs";

const test = suite("checklist_socket", { profile: "interop" });
const kBytes = Buffer.from("asdfasdf");
const kLarge = Buffer.alloc(400_000, 1).map((_, i) => i % 251);
const checks = (context, options) => connectClient(context, options, "/checks");

for (const transports of [kPolling, kWebSocket]) {
  test(`${transports}: no event twice after reconnecting by hand`, async (context) => {
    const socket = await checks(context, { transports });
    const log = collect(socket);
    for (let i = 0; i < 3; i++) {
      const ended = event(socket, "disconnect");
      socket.io.engine.close();
      await ended;
      socket.connect();
      await connected(socket);
    }
    socket.emit("all_same", "once");
    await ask(socket, "echo", 0);
    assert.deepEqual(log, [["all_same", "once"]]);
  });

  test(`${transports}: several arguments of every kind, both ways`, async (context) => {
    const socket = await checks(context, { transports });
    const values = [1, kBytes, "3", [4], kBytes, [kBytes, "swag", kBytes], null, { deep: [{ bytes: kBytes }] }, "utf8 — string"];
    const arrived = event(socket, "all_same");
    socket.emit("all_same", ...values);
    assert.deepEqual(await arrived, values);
  });

  test(`${transports}: an event without arguments`, async (context) => {
    const socket = await checks(context, { transports });
    const arrived = event(socket, "all_same");
    socket.emit("all_same");
    assert.deepEqual(await arrived, []);
  });

  test(`${transports}: send() is the event message, null is a value`, async (context) => {
    const socket = await checks(context, { transports });
    for (const value of [1337, null, "a"]) {
      const arrived = event(socket, "message");
      socket.send(value);
      assert.deepEqual(await arrived, [value]);
    }
  });

  for (const [what, values] of [["no values", []], ["several", [1, "2", [3]]], ["binary", [Buffer.alloc(2), { b: kBytes }]]]) {
    test(`${transports}: the client is answered with ${what}`, async (context) => {
      const socket = await checks(context, { transports });
      const answer = await new Promise((resolve) => socket.emit("all_back", ...values, (...all) => resolve(all)));
      assert.deepEqual(answer, values);
    });
  }

  for (const [what, value] of [["text", "hi"], ["binary", kBytes], ["null", null]]) {
    test(`${transports}: the server asks with ${what} and is answered with it`, async (context) => {
      const socket = await checks(context, { transports });
      socket.on("question", (given, ack) => ack(given));
      for (const how of ["callback", "promise"]) {
        assert.deepEqual(await ask(socket, "ask_within", how, 5000, "question", value), { value });
      }
    });
  }

  test(`${transports}: very large JSON goes there and back`, async (context) => {
    const socket = await checks(context, { transports });
    const value = { hello: "friend", json: Array.from({ length: 5000 }, (_, i) => ({ id: i, name: `나루 ${i}`, tags: ["a", "b"], nested: { x: [i, null, true] } })) };
    assert.deepEqual(await ask(socket, "echo", value), value);
  });

  test(`${transports}: very large binary goes there and back, three times`, async (context) => {
    const socket = await checks(context, { transports });
    let value = { hello: "friend", image: kLarge };
    for (let i = 0; i < 3; i++) value = await ask(socket, "echo", value);
    assert.deepEqual(value, { hello: "friend", image: kLarge });
  });
}

// The steps, all in one callback, and the indices that arrive: on polling a volatile event needs a waiting GET, on a
// WebSocket nothing may have been written before it in the same callback.
const kVolatile = [
  ["after a regular one", "rv", [0]],
  ["alone", "v", [0]],
  ["two in a row", "vv", [0]],
  ["between regular ones", "rvr", [0, 2]],
  ["broadcast after a regular broadcast", "bw", [0]],
  ["broadcast alone", "w", [0]],
  ["broadcast, two in a row", "ww", [0]],
];
for (const [what, steps, expected] of kVolatile) {
  for (const binary of [false, true]) {
    for (const transports of [kPolling, kWebSocket]) {
      test(`${transports}: volatile ${binary ? "binary " : ""}${what}`, async (context) => {
        const socket = await checks(context, { transports });
        const log = collect(socket);
        socket.emit("sequence", steps, binary);
        await event(socket, "sequence end");
        assert.deepEqual(log.filter(([name]) => name === "step").map(([, i]) => i), expected);
      });
    }
  }
}

test("what the server knows of the handshake", async (context) => {
  const socket = await checks(context, { query: { key1: 1, key2: "&=2" }, auth: { key1: "aa", key2: "&=bb" }, extraHeaders: { "x-agent": "ferry", cookie: "a=b" } });
  const { agent, cookie, query, auth, url, address, secure, xdomain, issued, time } = await ask(socket, "handshake");
  assert.equal(agent, "ferry");
  assert.equal(cookie, "a=b");
  assert.equal(query.key1, "1");
  assert.equal(query.key2, "&=2");
  assert.equal(query.EIO, "4");
  assert.deepEqual(auth, { key1: "aa", key2: "&=bb" });
  assert.match(url, /^\/socket\.io\/\?.*key1=1/);
  assert.match(address, /^(::1|::ffff:127\.0\.0\.1|127\.0\.0\.1)$/);
  assert.equal(secure, false);
  assert.equal(xdomain, false);
  assert.ok(Math.abs(issued - Date.now()) < 60_000);
  assert.equal(Date.parse(time), Math.floor(issued / 1000) * 1000);
});

test("a second namespace has its own auth and the connection's query", async (context) => {
  const main = await connectClient(context, { query: { first: "yes" }, auth: { of: "main" } });
  const second = main.io.socket("/checks", { auth: { key1: "aa", key2: "&=bb" } });
  context.after(() => second.disconnect());
  await connected(second);
  const { query, auth } = await ask(second, "handshake");
  assert.equal(query.first, "yes");
  assert.equal(query.key1, undefined);
  assert.deepEqual(auth, { key1: "aa", key2: "&=bb" });
});

test("the connection: transport, protocol, address", async (context) => {
  for (const transports of [kPolling, kWebSocket, kBoth]) {
    const socket = await checks(context, { transports });
    if (transports === kBoth) await upgraded(socket);
    await until(async () => (await ask(socket, "transport")).transport === transports.at(-1), "the transport");
    const { protocol, address } = await ask(socket, "transport");
    assert.equal(protocol, 4);
    assert.match(address, /^(::1|::ffff:127\.0\.0\.1|127\.0\.0\.1)$/);
  }
});

const kJunk = [
  ["raw binary", "5woooot"],
  ["an empty binary event", "5"],
  ["binary without attachments", '50-["echo"]'],
  ["an error packet", '44["handle me please"]'],
  ["an error packet for nobody", '4/nowhere,"no"'],
  ["a number out of every range", '29999999999999999999["echo",1]'],
  ["an event without a name", "2[]"],
  ["an event that is an object", '2{"echo":1}'],
];
for (const [what, packet] of kJunk) {
  test(`${what} harms nobody`, async (context) => {
    const observer = await checks(context);
    const socket = await checks(context, { transports: kWebSocket });
    const ended = event(socket, "disconnect");
    socket.io.engine.write(packet);
    assert.match((await ended)[0], /^transport (close|error)$/);
    assert.equal(await ask(observer, "echo", "well"), "well");
  });
}

test("names of JavaScript's own are values like others", async (context) => {
  const wire = await openWire(context.server, "/socket.io/");
  wire.send("40/checks,");
  assert.match(await wire.packet(), /^40\/checks,/);
  wire.send('42/checks,7["echo",{"__proto__":{"foo":"bar"},"constructor":1,"toString":null}]');
  const answer = await wire.packet();
  assert.match(answer, /^43\/checks,7\[\{.*\}\]$/);
  assert.equal(JSON.parse(answer.slice(11))[0].constructor, 1);
  wire.send('42/checks,8["__proto__",1]');
  wire.send('42/checks,9["toString",1]');
  wire.send('42/checks,10["echo","still"]');
  assert.equal(await wire.packet(), '43/checks,10["still"]');
  wire.close();
});

test("an event after DISCONNECT in the same breath reaches nobody", async (context) => {
  const observer = await checks(context);
  const wire = await openWire(context.server, "/socket.io/");
  wire.send("40/checks,");
  const { sid } = JSON.parse((await wire.packet()).slice("40/checks,".length));
  const name = `late ${sid}`;
  wire.send("41/checks,");
  wire.send(`42/checks,1["send",{"to":["${observer.id}"]},"${name}",1]`);
  const log = collect(observer);
  wire.send("40"); // Node ends the connection, or ignores the event, as the bytes fall
  await Promise.race([wire.closed, wire.packet().catch(() => {})]);
  wire.close();
  await ask(observer, "echo", 0);
  assert.deepEqual(log, []);
});

// In Node it is forgotten when both come in one payload.
test.naruOnly("an event in front of the DISCONNECT is handled", async (context) => {
  const observer = await checks(context);
  const session = new Polling(context.server, "/socket.io/");
  await session.open();
  await session.post("40/checks,");
  await session.packet();
  const heard = event(observer, "last words");
  await session.post([`42/checks,1["send",{"to":["${observer.id}"]},"last words",1]`, "41/checks,"].join(kSeparator));
  assert.deepEqual(await heard, [1]);
});

test("no room is joined after disconnecting", async (context) => {
  const observer = await checks(context);
  const socket = await checks(context);
  const room = `after ${socket.id}`;
  const ended = event(socket, "disconnect");
  socket.emit("leave_then_join", room);
  assert.equal((await ended)[0], "io server disconnect");
  assert.ok(!(await ask(observer, "room_names")).includes(room));
  assert.deepEqual(await ask(observer, "who", room), []);
});

test("a room joined in a middleware that refuses is gone", async (context) => {
  const refused = makeClient(context, { auth: { refuse: true } }, "/room-undone");
  await event(refused, "connect_error");
  const other = await connectClient(context, {}, "/room-undone");
  assert.deepEqual(await ask(other, "who", "waiting"), [other.id]);
});

test("several times disconnect(true) ends every namespace of one connection only", async (context) => {
  const other = await checks(context);
  const main = await connectClient(context, { transports: kWebSocket });
  const second = main.io.socket("/checks");
  await connected(second);
  const ends = Promise.all([event(main, "disconnect"), event(second, "disconnect")]);
  second.emit("disconnect_me", true);
  second.emit("disconnect_me", true);
  await ends;
  assert.equal(await ask(other, "echo", 1), 1);
});

test.newClientOnly("emitWithAck and timeout of the client", async (context) => {
  const socket = await checks(context);
  assert.equal(await socket.emitWithAck("echo", 1), 1);
  await assert.rejects(socket.timeout(50).emitWithAck("nobody answers this"), /timed out/);
});

await test.run();
