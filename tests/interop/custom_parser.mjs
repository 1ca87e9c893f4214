// A parser that neither side has by itself: one JSON text for each packet (support/parsers.mjs, apps/fixture/plain_parser.cpp).
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, connectClient, connected, event, kPolling, kWebSocket, makeClient, refusal } from "./support/client.mjs";
import { openWire } from "./support/engine.mjs";

const test = suite("custom_parser", { profile: "interop", parser: "plain" });

for (const [name, transports] of [["polling", kPolling], ["websocket", kWebSocket]]) {
  test(`${name}: events, acks both ways, auth`, async (context) => {
    const socket = makeClient(context, { transports, auth: { name: "나루" } });
    const [id, auth] = await event(socket, "hello");
    assert.equal(id, socket.id);
    assert.deepEqual(auth, { name: "나루" });
    const value = [null, -1.5, "한국어 \"\\", { a: { "": [] } }];
    assert.deepEqual(await ask(socket, "echo", value), value);
    const arrived = event(socket, "mirror");
    socket.emit("mirror", 1, "two");
    assert.deepEqual(await arrived, [1, "two"]);
    socket.on("question", (text, answer) => answer({ you_said: text }));
    assert.deepEqual(await ask(socket, "ask", "question", "text"), { you_said: "text" });
  });
}

test("namespaces, refusals, rooms", async (context) => {
  const main = await connectClient(context);
  const custom = main.io.socket("/custom");
  context.after(() => custom.disconnect());
  await connected(custom);
  assert.equal(await ask(custom, "echo", "custom"), "custom");
  assert.equal((await refusal(main.io.socket("/nowhere").connect())).message, "Invalid namespace");
  const refused = await refusal(makeClient(context, {}, "/guarded"));
  assert.deepEqual([refused.message, refused.data], ["not authorized", { code: 401 }]);

  const other = await connectClient(context);
  await ask(other, "join", "room");
  const heard = event(other, "said");
  await ask(main, "send", { to: ["room"] }, "said", { text: "hi" });
  assert.deepEqual(await heard, [{ text: "hi" }]);
  custom.disconnect();
  assert.equal(await ask(main, "echo", 1), 1);
});

test("what the parser refuses ends that connection, and no other", async (context) => {
  const other = await connectClient(context);
  for (const bad of ["no JSON", "2[\"say\"]", '{"type":9,"nsp":"/"}']) {
    const wire = await openWire(context.server, "/socket.io/");
    wire.send("4" + bad);
    await wire.closed;
  }
  const wire = await openWire(context.server, "/socket.io/");
  wire.send(Buffer.from("binary"));
  await wire.closed;
  assert.equal(await ask(other, "echo", 1), 1);
  await until(async () => (await ask(other, "who", "")).length === 1, "the others have gone");
});

test.naruOnly("binary parts, for which it has no form, leave as null", async (context) => {
  const socket = await connectClient(context);
  assert.deepEqual(await ask(socket, "echo", { _placeholder: true, num: 0 }), null);
});

await test.run();
