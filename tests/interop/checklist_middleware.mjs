// Middleware of namespaces (the checklist's "middleware"), beside client_basics.mjs.
import assert from "node:assert/strict";
import { pause, suite, until } from "./support/suite.mjs";
import { ask, connectClient, connected, event, kWebSocket, makeClient } from "./support/client.mjs";

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
  const [observer, checks] = await Promise.all([connectClient(context), connectClient(context, {}, "/checks")]);
  const main = await connectClient(context, { transports: kWebSocket });
  const { id } = main;
  main.io.socket("/held");
  await until(async () => (await ask(checks, "held")).waiting === 1, "the question to the middleware");
  main.io.engine.close();
  await until(async () => (await ask(observer, "ended")).some((end) => end.id === id), "the end");
  assert.equal(await ask(checks, "release"), 1);
  await pause(30);
  assert.deepEqual(await ask(checks, "held"), { waiting: 0, connections: 0 });
  const other = makeClient(context, {}, "/held");
  await until(async () => (await ask(checks, "release")) === 1, "the other's question");
  await connected(other);
  await until(async () => (await ask(checks, "held")).connections === 1, "a connection that was not closed");
});

await test.run();
