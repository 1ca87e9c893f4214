// The catch-alls of a socket, for what comes and for what goes out (the checklist's "onAny" and "onAnyOutgoing").
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { ask, connectClient, event } from "./support/client.mjs";

const test = suite("checklist_catch_all", { profile: "interop" });
const kBytes = Buffer.from("asdfasdf");

test("the catch-all hears events, the prepended ones first, a removed one nothing", async (context) => {
  const socket = await connectClient(context, {}, "/catch-all");
  socket.emit("my-event", "123");
  const heard = await ask(socket, "heard");
  assert.deepEqual(heard, ["in, first", "in, second", "in"].map((name) => [name, "my-event", "123"]));
});

for (const [what, value] of [["text", "123"], ["binary", kBytes]]) {
  for (const how of ["tell", "tell_all"]) {
    test(`the outgoing catch-all hears ${what} ${how === "tell" ? "emitted" : "broadcast"}, the prepended ones first, no answers`, async (context) => {
      const socket = await connectClient(context, {}, "/catch-all");
      const told = event(socket, "told");
      await ask(socket, how, value);
      assert.deepEqual(await told, [value]);
      const heard = (await ask(socket, "heard")).filter(([name]) => name.startsWith("out"));
      assert.deepEqual(heard, ["out, first", "out, second", "out"].map((name) => [name, "told", value]));
    });
  }
}

test("the outgoing catch-all hears questions", async (context) => {
  const socket = await connectClient(context, {}, "/catch-all");
  socket.on("question", (value, ack) => ack(value + 1));
  assert.equal(await ask(socket, "ask", 1), 2);
  const heard = (await ask(socket, "heard")).filter(([name]) => name === "out");
  assert.deepEqual(heard, [["out", "question", 1]]);
});

await test.run();
