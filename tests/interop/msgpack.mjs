// npm's msgpack parser at both ends: what it has beyond JSON, byte for byte, and what is refused. (msgpack_basics is
// everything that is the same in JSON.)
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { suite, until } from "./support/suite.mjs";
import { ask, connectClient, event, kBoth, kPolling, kWebSocket, makeClient, upgraded } from "./support/client.mjs";
import { openWire } from "./support/engine.mjs";
import { randomValues } from "./support/random_values.mjs";

const { encode, decode } = createRequire(import.meta.url)("notepack.io");
const test = suite("msgpack", { profile: "interop", parser: "msgpack" });
const bytes = (...all) => Buffer.from(all);

// A session that has joined `/` and read what comes first.
async function openJoined({ server, after }, auth) {
  const wire = await openWire(server, "/socket.io/");
  after(() => wire.close());
  wire.send(encode({ type: 0, nsp: "/", data: auth }));
  wire.connect = await wire.packet();
  wire.hello = await wire.packet();
  return wire;
}

test("the checked-in table is what npm's encoder writes", async () => {
  const script = fileURLToPath(new URL("../socketio/msgpack_vectors.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
});

for (const [name, transports] of [["polling", kPolling], ["websocket", kWebSocket], ["upgrade", kBoth]]) {
  test(`${name}: dates, undefined and what else JSON has not arrive as JSON has it`, async (context) => {
    const socket = await connectClient(context, { transports });
    if (transports === kBoth) await upgraded(socket);
    const seen = (value) => JSON.parse(JSON.stringify([value]));
    const time = new Date("2024-02-29T12:34:56.789Z");
    for (const value of [time, [time, { at: time }], undefined, [undefined, 1], { a: undefined, b: 1 }, NaN, -Infinity, -0]) {
      assert.deepEqual(seen(await ask(socket, "echo", value)), seen(value));
    }
    for (const value of [2 ** 53 - 1, -(2 ** 60), 0.1, "é".repeat(70_000), { "": { 1: [] } }]) {
      assert.deepEqual(await ask(socket, "echo", value), value);
    }
  });

  test(`${name}: every kind of binary arrives as binary`, async (context) => {
    const socket = await connectClient(context, { transports });
    if (transports === kBoth) await upgraded(socket);
    for (const value of [bytes(1, 2, 3), bytes(1, 2, 3).buffer.slice(0, 3), Uint8Array.from([1, 2, 3]), Buffer.alloc(0), Buffer.alloc(300, 7), Buffer.alloc(70_000, 7)]) {
      const answer = await ask(socket, "echo", { deep: [value] });
      assert.deepEqual(Buffer.from(answer.deep[0]), Buffer.from(value));
    }
    const parts = Array.from({ length: 100 }, (_, i) => bytes(i));
    assert.deepEqual(await ask(socket, "echo", parts), parts, "more than JSON's ten");
  });
}

test("auth may hold binary and dates, or be missing", async (context) => {
  const [, auth] = await event(makeClient(context, { auth: { key: bytes(1, 2), at: new Date(5) } }), "hello");
  assert.deepEqual(JSON.parse(JSON.stringify(auth)), { key: { type: "Buffer", data: [1, 2] }, at: "1970-01-01T00:00:00.005Z" });
  assert.deepEqual(decode((await openJoined(context)).hello).data[2], {});
});

test("the answer to CONNECT names the socket", async (context) => {
  const wire = await openJoined(context);
  const packet = decode(wire.connect);
  assert.deepEqual([packet.type, packet.nsp, typeof packet.data.sid, packet.data.pid], [0, "/", "string", undefined]);
  assert.equal(decode(wire.hello).data[1], packet.data.sid);
});

test.naruOnly("a pid that is not there is left out", async (context) => {
  const wire = await openJoined(context);
  assert.deepEqual(wire.connect, encode({ type: 0, data: { sid: decode(wire.connect).data.sid }, nsp: "/" }));
});

test("random values come back byte for byte as npm encodes them", async (context) => {
  const wire = await openJoined(context);
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  let id = 0;
  for (const value of randomValues(seed, 400)) {
    wire.send(encode({ type: 2, data: ["echo", value], options: { compress: true }, id, nsp: "/" }));
    const answer = await wire.packet();
    const expected = encode({ id, type: 3, data: [value], nsp: "/" });
    assert.deepEqual(answer.toString("hex"), expected.toString("hex"), `SEED=${seed}, value ${id}`);
    wire.send(encode({ type: 2, data: ["mirror", id, value], nsp: "/" }));
    const mirrored = await wire.packet();
    assert.deepEqual(mirrored.toString("hex"), encode({ type: 2, data: ["mirror", id++, value], nsp: "/" }).toString("hex"), `SEED=${seed}`);
  }
});

test("what other encoders write is understood: float 32, sizes that are longer than needed, other extensions", async (context) => {
  const wire = await openJoined(context);
  const packet = (value) => Buffer.concat([Buffer.from("84a47479706502a26964cd0001a36e7370da00012fa464617461dc0002d9046563686f", "hex"), Buffer.from(value, "hex")]);
  const table = [["ca3fc00000", 1.5], ["d3ffffffffffffffff", -1], ["cf0000000000000007", 7], ["db0000000161", "a"], ["dd00000001dc0000", [[]]], ["df00000001a161de0000", { a: {} }], ["c6000000020102", bytes(1, 2)], ["c702050102", [5, bytes(1, 2)]], ["d4ff01", [-1, bytes(1)]]];
  for (const [value, meaning] of table) {
    wire.send(packet(value));
    assert.deepEqual(decode(await wire.packet()), { id: 1, type: 3, data: [meaning], nsp: "/" }, value);
  }
});

test.naruOnly("__proto__ is a key like any other, and is passed on", async (context) => {
  const wire = await openJoined(context);
  const value = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":[1]}}');
  wire.send(encode({ type: 2, data: ["echo", value], id: 1, nsp: "/" }));
  assert.deepEqual(await wire.packet(), encode({ id: 1, type: 3, data: [value], nsp: "/" }));
});

test("one broadcast serves polling and WebSocket, binary and acks too", async (context) => {
  const sockets = await Promise.all([kPolling, kWebSocket, kPolling, kWebSocket, kWebSocket].map((transports) => connectClient(context, { transports })));
  await Promise.all(sockets.map((socket) => ask(socket, "join", "msgpack-room")));
  const data = { picture: Buffer.alloc(10_000, 3), when: "now" };
  const heard = sockets.map((socket) => event(socket, "shown"));
  await ask(sockets[0], "send", { to: ["msgpack-room"] }, "shown", data);
  for (const each of heard) assert.deepEqual(await each, [data]);
  sockets.forEach((socket, i) => socket.on("poll", (question, answer) => answer({ i, question })));
  const { responses, timeout } = await ask(sockets[1], "ask_all", "msgpack-room", "poll", bytes(9), 4000);
  assert.equal(timeout, false);
  assert.deepEqual(responses.map(({ i }) => i).sort(), [0, 1, 2, 3, 4]);
  for (const { question } of responses) assert.deepEqual(question, bytes(9));
});

const kRefused = {
  "a text message": "42[\"echo\",1]",
  "an empty message": bytes(),
  "no map": encode([0, "/"]),
  "a byte that means nothing": bytes(0xc1),
  "a packet that is cut": encode({ type: 2, data: ["echo", "text"], nsp: "/" }).subarray(0, -1),
  "a packet with something behind it": Buffer.concat([encode({ type: 2, data: ["echo", 1], nsp: "/" }), bytes(0)]),
  "a length that is not there": Buffer.from("81a464617461c6ffffffff", "hex"),
  "type 5": encode({ type: 5, data: ["echo"], nsp: "/" }),
  "no type": encode({ data: ["echo"], nsp: "/" }),
  "a type that is no number": encode({ type: "2", data: ["echo"], nsp: "/" }),
  "no namespace": encode({ type: 2, data: ["echo"] }),
  "an event without a list": encode({ type: 2, data: { 0: "echo" }, nsp: "/" }),
  "an event without data": encode({ type: 2, nsp: "/" }),
  "an id that is no number": encode({ type: 2, data: ["echo"], id: "1", nsp: "/" }),
  "an id that is null": encode({ type: 2, data: ["echo"], id: null, nsp: "/" }),
  "a disconnect with data": encode({ type: 1, data: {}, nsp: "/" }),
  "a connect with a list": encode({ type: 0, data: [], nsp: "/custom" }),
  "a second connect": encode({ type: 0, nsp: "/" }),
};
// The reference takes these, and some of them into its own handlers.
const kRefusedByUs = {
  "a reserved event": encode({ type: 2, data: ["disconnecting", "because"], nsp: "/" }),
  "an event without a name": encode({ type: 2, data: [], nsp: "/" }),
  "an event whose name is no name": encode({ type: 2, data: [{ a: 1 }], nsp: "/" }),
  "a negative id": encode({ type: 2, data: ["echo", 1], id: -1, nsp: "/" }),
  "an ack without an id": encode({ type: 3, data: [], nsp: "/" }),
  "a connect error": encode({ type: 4, data: { message: "no" }, nsp: "/" }),
  "text that is not UTF-8": Buffer.from("83a47479706502a36e7370a12fa46461746191a1ff", "hex"),
  "a map whose key is a list": Buffer.from("83a47479706502a36e7370a12fa46461746192a161819001", "hex"),
  "65 levels": encode({ type: 2, data: ["echo", Array.from({ length: 64 }).reduce((inner) => [inner], [])], nsp: "/" }),
  "1025 binary parts": encode({ type: 2, data: ["echo", Array(1025).fill(bytes(1))], nsp: "/" }),
};

for (const [add, table] of [[test, kRefused], [test.naruOnly, kRefusedByUs]]) {
  for (const [what, message] of Object.entries(table)) {
    add(`${what} ends that connection, and no other`, async (context) => {
      const other = await connectClient(context);
      const wire = await openJoined(context);
      wire.send(message);
      await wire.closed;
      assert.equal(await ask(other, "echo", 1), 1);
      await until(async () => (await ask(other, "who", "")).length === 1, "the one that was refused has gone");
    });
  }
}

test("64 levels and 1024 binary parts are taken", async (context) => {
  const wire = await openJoined(context);
  const deep = Array.from({ length: 62 }).reduce((inner) => [inner], []);
  for (const value of [deep, Array(1024).fill(bytes(1))]) {
    wire.send(encode({ type: 2, data: ["echo", value], id: 1, nsp: "/" }));
    assert.deepEqual(await wire.packet(), encode({ id: 1, type: 3, data: [value], nsp: "/" }));
  }
});

await test.run();
