// Socket.IO v5 from its public protocol text, by bare WebSocket and polling, against the `socketio` profile.
import assert from "node:assert/strict";
import { suite, kSettle, pause, within } from "./support/suite.mjs";
import { Polling, kSeparator, openWire } from "./support/engine.mjs";

const test = suite("socketio_protocol", { profile: "socketio" });
const kPath = "/socket.io/";

// Socket.IO packets over one Engine.IO WebSocket: the `4` is added and taken off, heartbeats are answered.
class Peer {
  static async open(server) {
    const peer = new Peer();
    peer.wire = await openWire(server, kPath);
    return peer;
  }

  // Connected to a namespace, past its `auth` event.
  static async connected(server, namespace = "") {
    const peer = await Peer.open(server);
    peer.send(`0${namespace}`);
    peer.answer = await peer.next();
    peer.auth = await peer.next();
    return peer;
  }

  send(packet) {
    this.wire.send(typeof packet === "string" ? "4" + packet : packet);
  }

  async next() {
    const message = await this.wire.packet();
    return typeof message === "string" ? message.slice(1) : message;
  }

  async nextJson(prefix) {
    const packet = await this.next();
    assert.ok(packet.startsWith(prefix), `${packet} begins with ${prefix}`);
    return JSON.parse(packet.slice(prefix.length));
  }

  // Fails unless the server closes; pings are answered meanwhile.
  async mustClose(ms = 2000) {
    const reader = (async () => { for (;;) await this.wire.packet(); })().catch(() => {});
    const end = await within(ms, this.wire.closed, "closing");
    await reader;
    return end;
  }

  close() {
    this.wire.close();
  }
}

// CONNECT

test("CONNECT to / is answered with a sid of its own", async ({ server }) => {
  const peer = await Peer.open(server);
  peer.send("0");
  const { sid, ...rest } = await peer.nextJson("0");
  assert.match(sid, /^[A-Za-z0-9_-]{20}$/);
  assert.notEqual(sid, peer.wire.handshake.sid);
  assert.deepEqual(rest, {});
  assert.equal(await peer.next(), '2["auth",{}]');
  peer.close();
});

test("CONNECT with auth", async ({ server }) => {
  const peer = await Peer.open(server);
  peer.send('0{"token":"123","deep":{"a":[1,null]}}');
  await peer.nextJson("0");
  assert.equal(await peer.next(), '2["auth",{"token":"123","deep":{"a":[1,null]}}]');
  peer.close();
});

test("CONNECT to a namespace, with and without comma, with and without auth", async ({ server }) => {
  for (const [packet, auth] of [["0/custom,", {}], ["0/custom", {}], ['0/custom,{"token":"abc"}', { token: "abc" }]]) {
    const peer = await Peer.open(server);
    peer.send(packet);
    assert.ok((await peer.nextJson("0/custom,")).sid);
    assert.equal(await peer.next(), `2/custom,["auth",${JSON.stringify(auth)}]`);
    peer.close();
  }
});

test("an unknown namespace is refused and the connection stays", async ({ server }) => {
  const peer = await Peer.open(server);
  peer.send("0/random");
  assert.equal(await peer.next(), '4/random,{"message":"Invalid namespace"}');
  peer.send("0");
  await peer.nextJson("0");
  peer.close();
});

test("two namespaces share one connection with two sids", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send("0/custom,");
  const second = await peer.nextJson("0/custom,");
  assert.notEqual(second.sid, JSON.parse(peer.answer.slice(1)).sid);
  peer.close();
});

test("without CONNECT the connection is closed after connectTimeout", async ({ server }) => {
  const peer = await Peer.open(server);
  const opened = Date.now();
  await peer.mustClose(3000);
  assert.ok(Date.now() - opened > 900, "too early");
});

test("after a refused namespace alone, connectTimeout still holds", async ({ server }) => {
  const peer = await Peer.open(server);
  peer.send("0/random");
  await peer.next();
  await peer.mustClose(3000);
});

// DISCONNECT

test("DISCONNECT leaves one namespace, the other lives", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send("0/custom,");
  await peer.next();
  await peer.next();
  peer.send("1/custom,");
  peer.send('2["message","still here"]');
  assert.equal(await peer.next(), '2["message-back","still here"]');
  peer.close();
});

test("DISCONNECT and CONNECT again", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send("1");
  peer.send("0/custom,");
  await peer.nextJson("0/custom,");
  await peer.next();
  peer.send("0");
  assert.ok((await peer.nextJson("0")).sid);
  peer.close();
});

// EVENT and ACK

const kValues = ['1', '"text"', 'true', 'null', '-1.5e3', '[]', '{}', '{"a":{"b":[1,"2",null]}}', '"\\u0000\\ud83d\\ude00 €"', '""'];
for (const value of kValues) {
  test(`EVENT carries ${value}`, async ({ server }) => {
    const peer = await Peer.connected(server);
    peer.send(`2["message",${value}]`);
    assert.deepEqual(await peer.nextJson("2"), ["message-back", JSON.parse(value)]);
    peer.close();
  });
}

test("EVENT with no and with many arguments", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send('2["message"]');
  assert.equal(await peer.next(), '2["message-back"]');
  peer.send('2["message",1,"2",[3],{"4":5}]');
  assert.equal(await peer.next(), '2["message-back",1,"2",[3],{"4":5}]');
  peer.close();
});

test("EVENT with ack is answered with its id", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send('2456["message-with-ack",1,"2",{"3":[false]}]');
  assert.equal(await peer.next(), '3456[1,"2",{"3":[false]}]');
  peer.send('20["message-with-ack"]');
  assert.equal(await peer.next(), "30[]");
  peer.close();
});

test("an event without a handler hurts nobody", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send('2["nobody listens",1]');
  peer.send('21["nobody answers"]');
  peer.send("2[7,1]");
  peer.send('2["message","next"]');
  assert.equal(await peer.next(), '2["message-back","next"]');
  peer.close();
});

test("an ACK that nobody waits for is ignored", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send("399[1]");
  peer.send('2["message","next"]');
  assert.equal(await peer.next(), '2["message-back","next"]');
  peer.close();
});

test("many events in a row keep their order", async ({ server }) => {
  const peer = await Peer.connected(server);
  for (let i = 0; i < 500; i++) peer.send(`2["message",${i}]`);
  for (let i = 0; i < 500; i++) assert.equal(await peer.next(), `2["message-back",${i}]`);
  peer.close();
});

// Binary

test("BINARY_EVENT comes back with its attachment", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send('51-["message",{"_placeholder":true,"num":0}]');
  peer.send(Buffer.from([1, 2, 3]));
  assert.equal(await peer.next(), '51-["message-back",{"_placeholder":true,"num":0}]');
  assert.deepEqual(await peer.next(), Buffer.from([1, 2, 3]));
  peer.close();
});

test("BINARY_EVENT with two attachments, nested, one of them empty", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send('52-["message",{"a":{"_placeholder":true,"num":0}},[{"_placeholder":true,"num":1}]]');
  peer.send(Buffer.from([1, 2, 3]));
  peer.send(Buffer.alloc(0));
  assert.equal(await peer.next(), '52-["message-back",{"a":{"_placeholder":true,"num":0}},[{"_placeholder":true,"num":1}]]');
  assert.deepEqual(await peer.next(), Buffer.from([1, 2, 3]));
  assert.deepEqual(await peer.next(), Buffer.alloc(0));
  peer.close();
});

test("BINARY_EVENT with ack is answered with BINARY_ACK", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send('51-789["message-with-ack",{"_placeholder":true,"num":0}]');
  peer.send(Buffer.from([9]));
  assert.equal(await peer.next(), '61-789[{"_placeholder":true,"num":0}]');
  assert.deepEqual(await peer.next(), Buffer.from([9]));
  peer.close();
});

test("polling: binary attachments arrive between text packets", async ({ server }) => {
  const session = new Polling(server, kPath);
  await session.open();
  await session.post("40");
  await session.packet();
  await session.packet();
  await session.post(['451-["message",{"_placeholder":true,"num":0}]', "bAQID", '42["message","after"]'].join(kSeparator));
  assert.equal(await session.packet(), '451-["message-back",{"_placeholder":true,"num":0}]');
  assert.equal(await session.packet(), "bAQID");
  assert.equal(await session.packet(), '42["message-back","after"]');
});

test("ten attachments are taken", async ({ server }) => {
  const peer = await Peer.connected(server);
  const holders = Array.from({ length: 10 }, (_, num) => `{"_placeholder":true,"num":${num}}`);
  peer.send(`510-["message",${holders.join()}]`);
  for (let i = 0; i < 10; i++) peer.send(Buffer.from([i]));
  assert.equal(await peer.next(), `510-["message-back",${holders.join()}]`);
  for (let i = 0; i < 10; i++) assert.deepEqual(await peer.next(), Buffer.from([i]));
  peer.close();
});

// Every protocol error closes the connection.

const kErrors = [
  ["an unknown packet digit", ["9"]],
  ["an empty packet", [""]],
  ["EVENT that is not JSON", ["2["]],
  ["EVENT with text behind the JSON", ['2["message"]x']],
  ["EVENT that is an object", ['2{"message":1}']],
  ["EVENT that is an empty array", ["2[]"]],
  ["EVENT whose name is an object", ["2[{}]"]],
  ["EVENT whose name is null", ["2[null]"]],
  ["EVENT whose name is reserved: connect", ['2["connect"]']],
  ["EVENT whose name is reserved: disconnect", ['2["disconnect"]']],
  ["EVENT whose name is reserved: disconnecting", ['2["disconnecting"]']],
  ["EVENT whose name is reserved: newListener", ['2["newListener"]']],
  ["EVENT whose name is reserved: connect_error", ['2["connect_error"]']],
  ["ACK that is no array", ['31{"a":1}']],
  ["CONNECT with an array as auth", ["0/custom,[]"]],
  ["CONNECT with a text as auth", ['0/custom,"abc"']],
  ["CONNECT with broken auth", ["0/custom,{"]],
  ["a second CONNECT to the namespace", ["0"]],
  ["CONNECT_ERROR from a client", ['4{"message":"no"}']],
  ["EVENT for a namespace that was not joined", ['2/custom,["message"]']],
  ["binary out of turn", [Buffer.from([1])]],
  ["text while an attachment is due", ['51-["message",{"_placeholder":true,"num":0}]', '2["message"]']],
  ["no attachments in BINARY_EVENT", ['50-["message"]']],
  ["eleven attachments", [`511-["message",1]`]],
  ["an attachment count that is no number", ['5x-["message"]']],
  ["an attachment count without dash", ['51["message"]']],
  ["a placeholder out of range", ['51-["message",{"_placeholder":true,"num":1}]', Buffer.from([1])]],
  ["a negative placeholder", ['51-["message",{"_placeholder":true,"num":-1}]', Buffer.from([1])]],
];
const kOnlyOurErrors = [["EVENT without payload", ["2"]]]; // the reference takes it for an event without a name
for (const [what, packets, add = test] of [...kErrors, ...kOnlyOurErrors.map((row) => [...row, test.naruOnly])]) {
  add(`closes at ${what}`, async ({ server }) => {
    const peer = await Peer.connected(server);
    for (const packet of packets) peer.send(packet);
    const { code } = await peer.mustClose();
    assert.ok(code === 1005 || code === 1000, `close code ${code}`);
  });
}

test("EVENT before CONNECT closes", async ({ server }) => {
  const peer = await Peer.open(server);
  peer.send('2["message","hello"]');
  await peer.mustClose(800);
});

test("polling: a protocol error ends the session, others are unharmed", async ({ server }) => {
  const other = await Peer.connected(server);
  const session = new Polling(server, kPath);
  await session.open();
  await session.post("40");
  assert.equal((await session.post("4abc")).status, 200);
  await pause(kSettle);
  for (let i = 0; i < 3; i++) {
    const answer = await session.get();
    if (answer.status === 400) break;
    assert.ok(i < 2, "the session lives on");
  }
  other.send('2["message","alive"]');
  assert.equal(await other.next(), '2["message-back","alive"]');
  other.close();
});

const kSafe = [
  ["__proto__", '2["message",{"__proto__":{"polluted":1}}]'],
  ["fifty levels", `2["message",${"[".repeat(50)}${"]".repeat(50)}]`],
  ["a placeholder look-alike in a text event", '2["message",{"_placeholder":true,"num":"0"}]'],
];
for (const [what, packet] of kSafe) {
  test(`takes ${what}`, async ({ server }) => {
    const peer = await Peer.connected(server);
    peer.send(packet);
    assert.match(await peer.next(), /^2\["message-back"/);
    peer.close();
  });
}

// The reference's process ends here: it walks what it echoes recursively.
test.naruOnly("nesting without end is refused or answered, never a crash", async ({ server }) => {
  const peer = await Peer.connected(server);
  peer.send(`2["message",${"[".repeat(200_000)}${"]".repeat(200_000)}]`);
  await Promise.race([peer.wire.closed, peer.next().catch(() => {})]);
  const other = await Peer.connected(server);
  other.close();
});

await test.run();
