// Acknowledgements within a time (the checklist's "socket-timeout").
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { ask, connectClient } from "./support/client.mjs";

const test = suite("checklist_timeouts", { profile: "interop" });

for (const how of ["callback", "promise"]) {
  test(`${how}: an error when the client does not acknowledge`, async (context) => {
    const socket = await connectClient(context, {}, "/checks");
    assert.deepEqual(await ask(socket, "ask_within", how, 50, "unknown", 1), { error: "timeout" });
  });

  test(`${how}: an error when it acknowledges too late, and no second answer`, async (context) => {
    const socket = await connectClient(context, {}, "/checks");
    let answers = 0;
    const late = new Promise((resolve) => socket.on("question", (value, ack) => resolve(() => ack(value))));
    const answered = new Promise((resolve) => socket.emit("ask_within", how, 30, "question", 42, (value) => (answers++, resolve(value))));
    const acknowledge = await late;
    assert.deepEqual(await answered, { error: "timeout" });
    acknowledge();
    assert.equal(await ask(socket, "echo", "well"), "well");
    assert.equal(answers, 1);
  });

  test(`${how}: the value when it acknowledges in time`, async (context) => {
    const socket = await connectClient(context, {}, "/checks");
    socket.on("question", (value, ack) => ack(value));
    assert.deepEqual(await ask(socket, "ask_within", how, 4000, "question", 40), { value: 40 });
  });
}

await test.run();
