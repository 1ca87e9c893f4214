// Bare WebSockets against npm's `ws` client: what its documentation shows, from the server's other side.
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import { pause, suite, within } from "./support/suite.mjs";
import { messages, openSocket } from "./support/frames.mjs";
import { handshakeHead, rawExchange, request } from "./support/http.mjs";

const test = suite("websocket", { profile: "websocket" });

const next = async (socket) => (await messages(socket, 1))[0];
const asked = (socket, text) => {
  const answer = next(socket);
  socket.send(text);
  return answer;
};
const ended = async (socket) => {
  const [code, reason] = await within(5000, once(socket, "close"), "a close");
  return [code, reason.toString()];
};
// How the server saw the end of connections, one line each.
async function watchEnds(context) {
  const watcher = new WebSocket(`ws://localhost:${context.server.port}/ended`);
  context.after(() => watcher.terminate());
  const lines = [];
  let arrived = () => {};
  watcher.on("message", (line) => (lines.push(line.toString()), arrived()));
  const take = async (target) => {
    for (;;) {
      const found = lines.findIndex((line) => line.startsWith(`${target} `));
      if (found >= 0) return lines.splice(found, 1)[0].slice(target.length + 1);
      await within(5000, new Promise((resolve) => (arrived = resolve)), `the end of ${target}`);
    }
  };
  await once(watcher, "message"); // "watching"
  lines.length = 0;
  return take;
}
// The status that a refused upgrade is answered with, and its text.
function refusal({ server }, path, options) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://localhost:${server.port}${path}`, options);
    socket.on("error", () => {});
    socket.on("open", () => (socket.terminate(), reject(new Error("it was let in"))));
    socket.on("unexpected-response", async (_, response) => {
      let body = "";
      for await (const part of response) body += part;
      resolve([response.statusCode, body]);
    });
  });
}

// --- messages ---

test("text and binary come back as they went, whole or in fragments", async (context) => {
  const socket = await openSocket(context, "/");
  assert.equal(socket.readyState, WebSocket.OPEN);
  for (const text of ["hello", "", "Ünïcode ☃", "x".repeat(64 * 1024)]) assert.equal(await asked(socket, text), text);
  for (const binaryType of ["nodebuffer", "arraybuffer", "fragments"]) {
    socket.binaryType = binaryType;
    const bytes = Buffer.from([0, 1, 254, 255]);
    const got = await asked(socket, bytes);
    const whole = Array.isArray(got) ? Buffer.concat(got) : Buffer.from(got);
    assert.deepEqual(whole, bytes, binaryType);
  }
  const both = messages(socket, 2);
  socket.send("one ", { fin: false });
  socket.send("two ", { fin: false });
  socket.ping("between"); // control frames may stand between fragments
  socket.send("three", { fin: true });
  assert.deepEqual(await both, ["ping between", "one two three"]);
});

test("a message over max_message is 1009, one of its size is not", async (context) => {
  const take = await watchEnds(context);
  const socket = await openSocket(context, "/?large");
  assert.equal((await asked(socket, Buffer.alloc(64 * 1024))).length, 64 * 1024);
  const end = ended(socket);
  socket.send(Buffer.alloc(64 * 1024 + 1));
  assert.equal((await end)[0], 1009);
  assert.equal(await take("/?large"), "error 1009");
  assert.match(await take("/?large"), /^1009 /);
});

// --- ends ---

test("close with code and reason, from either side, and what each is told", async (context) => {
  const take = await watchEnds(context);
  const table = [
    // [what the client does, what it is told, what the server is told]
    [(socket) => socket.close(), [1005, ""], "1005 "],
    [(socket) => socket.close(1000), [1000, ""], "1000 "],
    [(socket) => socket.close(4001, "went home"), [4001, ""], "4001 went home"],
    [(socket) => socket.send("close 1000 "), [1000, ""], "1000 "],
    [(socket) => socket.send("close 4999 long enough"), [4999, "long enough"], "4999 long enough"],
    [(socket) => socket.send("close 1006 "), [1005, ""], "1005 "], // a code that is never sent
    [(socket) => socket.send(`close 3000 ${"é".repeat(100)}`), [3000, "é".repeat(61)], `3000 ${"é".repeat(61)}`],
    [(socket) => socket.terminate(), [1006, ""], "1006 "],
    [(socket) => socket.send("terminate"), [1006, ""], "1006 "],
  ];
  for (const [at, [act, client, server]] of table.entries()) {
    const socket = await openSocket(context, `/?end=${at}`);
    const end = ended(socket);
    act(socket);
    assert.equal([1, 2, 3].includes(socket.readyState), true);
    assert.deepEqual(await end, client, `row ${at}`);
    assert.equal(socket.readyState, WebSocket.CLOSED);
    assert.equal((await take(`/?end=${at}`)).trim(), server.trim(), `row ${at}`);
  }
});

test("a client that does not answer Close is cut off after close_timeout", async (context) => {
  const take = await watchEnds(context);
  const text = Buffer.from("close 4000 now");
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
  const all = await rawExchange(context.server, Buffer.concat([Buffer.from(handshakeHead("/?mute")), frame]), () => false);
  assert.match(all, /now$/);
  assert.match(await take("/?mute"), /^1006 ?$/);
});

test("what breaks the protocol is an error with its code", async (context) => {
  const take = await watchEnds(context);
  for (const [at, [bytes, code]] of [
    [Buffer.from([0x81, 0x01, 0x78]), 1002], // not masked
    [Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), 1002], // reserved bits
    [Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007], // not UTF-8
  ].entries()) {
    const socket = await openSocket(context, `/?broken=${at}`);
    const end = ended(socket);
    socket._socket.write(bytes);
    assert.equal((await end)[0], code);
    assert.equal(await take(`/?broken=${at}`), `error ${code}`);
    assert.match(await take(`/?broken=${at}`), new RegExp(`^${code} `));
  }
});

// --- pings and silence ---

test("pings and pongs with their payload, both ways", async (context) => {
  const socket = await openSocket(context, "/");
  const told = next(socket);
  const pong = once(socket, "pong");
  socket.ping("from the client");
  assert.equal((await pong)[0].toString(), "from the client");
  assert.equal(await told, "ping from the client");
  const ping = once(socket, "ping");
  const answered = next(socket);
  socket.send("ping from the server");
  assert.equal((await ping)[0].toString(), "from the server");
  assert.equal(await answered, "pong from the server");
});

test("who answers no ping is cut off, who answers stays", async (context) => {
  const take = await watchEnds(context);
  const silent = await openSocket(context, "/beating?silent", { autoPong: false });
  const lively = await openSocket(context, "/beating?lively");
  assert.equal((await ended(silent))[0], 1006);
  assert.equal(await take("/beating?silent"), "error 1006");
  for (let pings = 0; pings < 3; pings++) await once(lively, "ping");
  assert.equal(lively.readyState, WebSocket.OPEN);
});

test("who says nothing for idle_timeout is closed with 1001", async (context) => {
  const socket = await openSocket(context, "/idle");
  assert.deepEqual(await ended(socket), [1001, "idle for too long"]);
});

// --- the way in ---

test("subprotocols: the client's first that is spoken, or what a function chooses", async (context) => {
  const table = [
    ["/", ["superchat", "chat"], "superchat"],
    ["/", ["other", "chat"], "chat"],
    ["/", [], ""],
    ["/last-protocol", ["a", "b", "c"], "c"],
  ];
  for (const [path, offered, chosen] of table) {
    const socket = new WebSocket(`ws://localhost:${context.server.port}${path}`, offered);
    context.after(() => socket.terminate());
    await once(socket, "open");
    assert.equal(socket.protocol, chosen);
    assert.match(await asked(socket, "who"), new RegExp(`\\[${chosen}\\]$`));
  }
});

test("address, headers and query of the handshake", async (context) => {
  const socket = await openSocket(context, "/?q=a%20b", { headers: { "User-Agent": "us" } });
  assert.match(await asked(socket, "who"), /^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1) us a b \[\]$/);
});

test("a gate that answers later: a sentence with 403, or an identity and fields of the 101", async (context) => {
  assert.deepEqual(await refusal(context, "/gated?token=bad"), [403, "who are you?"]);
  const socket = new WebSocket(`ws://localhost:${context.server.port}/gated?token=good`);
  context.after(() => socket.terminate());
  const hello = next(socket);
  const [response] = await once(socket, "upgrade");
  assert.equal(response.headers["x-server"], "fixture");
  assert.equal(await hello, "user:good");
});

test("a verdict's end, and the end of an identity, are 1008", async (context) => {
  const short = await openSocket(context, "/gated?token=good&for=50");
  assert.equal((await ended(short))[0], 1008);
  const [one, two] = [await openSocket(context, "/gated?token=good"), await openSocket(context, "/gated?token=good")];
  const ends = [ended(one), ended(two)];
  one.send("all of me");
  for (const end of ends) assert.equal((await end)[0], 1008);
});

test("a page of another origin is refused, a request that is no WebSocket told so", async (context) => {
  assert.equal((await refusal(context, "/", { origin: "https://foreign.example" }))[0], 403);
  const answer = await rawExchange(context.server, "GET /source HTTP/1.1\r\nHost: localhost\r\n\r\n", (all) => all.includes("\r\n\r\n"));
  assert.match(answer, /^HTTP\/1\.1 426 /);
  assert.match(answer, /upgrade: websocket\r\n/i);
  assert.equal((await refusal(context, "/nowhere"))[0], 404);
});

// --- time and pressure ---

test("timers of a connection", async (context) => {
  const socket = await openSocket(context, "/");
  assert.equal(await asked(socket, "after 5"), "after");
  socket.send("every 2");
  assert.deepEqual(await messages(socket, 3), ["tick", "tick", "tick"]);
});

test("a paused connection is read later, in order", async (context) => {
  const socket = await openSocket(context, "/");
  const all = messages(socket, 3);
  for (const text of ["pause 50", "one", "two"]) socket.send(text);
  assert.deepEqual(await all, ["resumed", "one", "two"]);
});

test("a source that minds on_drain holds no more than it must for a reader that pauses", async (context) => {
  const kPieces = 400;
  const kPiece = 64 * 1024;
  const socket = await openSocket(context, "/source");
  let bytes = 0;
  const most = new Promise((resolve) => {
    socket.on("message", (data, binary) => (binary ? (bytes += data.length) : resolve(Number(data.toString().slice(5)))));
  });
  socket.send(String(kPieces));
  socket.pause();
  await pause(100);
  socket.resume();
  assert.ok((await within(15_000, most, "the source")) <= 2 * kPiece, "one piece waits, not all");
  assert.equal(bytes, kPieces * kPiece);
});

// --- many ---

test("topics: everybody of a room but who spoke, on all loops", async (context) => {
  const join = async (room) => {
    const socket = new WebSocket(`ws://localhost:${context.server.port}/rooms/${room}`);
    context.after(() => socket.terminate());
    assert.equal(await next(socket), `in ${decodeURIComponent(room)}`);
    return socket;
  };
  const [one, two, three, other] = [await join("caf%C3%A9"), await join("caf%C3%A9"), await join("caf%C3%A9"), await join("tea")];
  const heard = [];
  one.on("message", (data) => heard.push(data.toString()));
  other.on("message", (data) => heard.push(data.toString()));
  const got = [messages(two, 100), messages(three, 100)];
  for (let i = 0; i < 100; i++) one.send(String(i));
  const expected = Array.from({ length: 100 }, (_, i) => String(i));
  for (const all of got) assert.deepEqual(await all, expected);
  two.send(Buffer.from("bytes"));
  const [bytes] = await messages(three, 1);
  assert.deepEqual(bytes, Buffer.from("bytes"));
  for (let end = Date.now() + 5000; heard.length === 0 && Date.now() < end;) await pause(5);
  assert.deepEqual(heard, ["bytes"]);
});

test("all connections of an address get one message", async (context) => {
  const all = [];
  for (let i = 0; i < 5; i++) all.push(await openSocket(context, "/?all"));
  const got = all.map((socket) => next(socket));
  const count = Number((await request(context.server, "/all", { method: "POST", body: "to all" })).body);
  assert.ok(count >= 5);
  for (const one of got) assert.equal(await one, "to all");
});

await test.run();
