// Middleware of namespaces (the checklist's "middleware"), beside client_basics.mjs.
import assert from "node:assert/strict";
import { pause, suite } from "./support/suite.mjs";
import { ask, connectClient, connected, event, makeClient } from "./support/client.mjs";

const test = suite("checklist_middleware", { profile: "interop" });

test("several run one after another, the slow ones too; connected only afterwards", async (context) => {
  const socket = makeClient(context, {}, "/ordered");
  const [steps, states] = await event(socket, "ordered");
  assert.deepEqual(steps, [1, 2, 3]);
  assert.deepEqual(states, [false, false, false, true]);
});

test("they are a namespace's own: another's are not asked", async (context) => {
  const main = makeClient(context, { auth: { token: "wrong" } });
  const guarded = main.io.socket("/guarded");
  context.after(() => guarded.disconnect());
  const refused = event(guarded, "connect_error");
  await connected(main);
  assert.equal((await refused)[0].message, "not authorized");
  assert.equal(main.connected, true);
});

test("each namespace of a connection asks its own", async (context) => {
  const main = await connectClient(context, { auth: { token: "sesame", name: "Mina" } });
  const guarded = main.io.socket("/guarded", { auth: { token: "sesame", name: "Mina" } });
  const ordered = main.io.socket("/ordered");
  context.after(() => (guarded.disconnect(), ordered.disconnect()));
  const both = Promise.all([event(guarded, "granted"), event(ordered, "ordered")]);
  assert.deepEqual((await both)[0], ["Mina"]);
});

test("what a middleware keeps is there in the connection handler, which runs after them", async (context) => {
  const socket = makeClient(context, { auth: { token: "sesame", name: "kept" } }, "/guarded");
  assert.deepEqual(await event(socket, "granted"), ["kept"]);
});

test("ignored when the socket closes meanwhile: there is no connection", async (context) => {
  const before = await connectClient(context, {}, "/later");
  const connections = await ask(before, "connections");
  const socket = makeClient(context, {}, "/later");
  await event(socket.io, "open");
  socket.connected || socket.io.engine.close();
  await pause(60); // the verdict comes after 20 ms
  assert.equal(await ask(before, "connections"), connections);
});

await test.run();
