// Namespaces by pattern and by function (the checklist's "dynamic namespaces"). Empty ones are kept with the `interop`
// profile and forgotten with `interop-options`.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { startServer } from "./support/server.mjs";
import { ask, connectClient, event, makeClient, refusal } from "./support/client.mjs";

const test = suite("checklist_dynamic", { profile: "interop" });
let tidy;
async function forgetful(context) {
  tidy ??= startServer("interop-options").then((server) => (process.on("exit", () => server.child.kill("SIGKILL")), server));
  return { ...context, server: await tidy };
}
let used = 100;
const fresh = () => `/dynamic-${used++}`;
const spy = (context) => connectClient(context, {}, "/spy");

test("by pattern: parent's middleware and handlers serve the child, and it knows its name", async (context) => {
  const name = fresh();
  const socket = makeClient(context, {}, name);
  assert.deepEqual(await event(socket, "in"), [name]);
  assert.equal(await ask(socket, "echo", 1), 1);
  assert.equal((await refusal(makeClient(context, { auth: { refuse: true } }, name))).message, "You shall not pass");
});

test("an emit of the parent comes to every child", async (context) => {
  const sockets = await Promise.all([fresh(), fresh(), fresh()].map((name) => connectClient(context, {}, name)));
  const told = Promise.all(sockets.map((socket) => event(socket, "hello")));
  (await spy(context)).emit("tell_children", "", "hello", { 3: "4" });
  for (const values of await told) assert.deepEqual(values, [{ 3: "4" }]);
});

test("an emit of the parent to a room comes to that room of every child", async (context) => {
  const sockets = await Promise.all([fresh(), fresh(), fresh()].map((name) => connectClient(context, {}, name)));
  const heard = sockets.map(() => []);
  sockets.forEach((socket, i) => ["hello", "end"].forEach((name) => socket.on(name, () => heard[i].push(name))));
  await Promise.all(sockets.slice(1).map((socket) => ask(socket, "join", "some-room")));
  const asking = await spy(context);
  asking.emit("tell_children", "some-room", "hello", 1);
  asking.emit("tell_children", "", "end", 1);
  await until(() => heard.every((names) => names.includes("end")), "the end");
  assert.deepEqual(heard, [["end"], ["hello", "end"], ["hello", "end"]]);
});

test("by function: name and auth decide", async (context) => {
  const socket = makeClient(context, { auth: { open: true } }, "/by-function");
  assert.deepEqual(await event(socket, "in"), ["/by-function"]);
});

test("who fits no pattern and no function is refused", async (context) => {
  for (const [name, auth] of [["/nowhere", {}], ["/dynamic-", {}], ["/dynamic-1x", {}], ["/another", { open: true }]]) {
    assert.equal((await refusal(makeClient(context, { auth }, name))).message, "Invalid namespace", name);
  }
});

test("a new namespace is announced, once", async (context) => {
  const name = fresh();
  const asking = await spy(context);
  assert.equal(await ask(asking, "created", name), 0);
  await Promise.all([1, 2, 3].map(() => connectClient(context, {}, name)));
  assert.equal(await ask(asking, "created", name), 1);
});

test("two clients at once make one child (#4136)", async (context) => {
  const name = `/race-${used++}`;
  const sockets = [1, 2].map(() => makeClient(context, {}, name));
  await Promise.all(sockets.map((socket) => event(socket, "connect")));
  const told = Promise.all(sockets.map((socket) => event(socket, "told")));
  sockets[0].emit("tell", "both");
  assert.deepEqual(await told, [["both"], ["both"]]);
  assert.equal(await ask(await spy(context), "created", name), 1);
});

test("a namespace made by hand whose name fits the pattern is a child of its parent", async (context) => {
  const socket = makeClient(context, {}, "/dynamic-0");
  assert.deepEqual(await event(socket, "in"), ["/dynamic-0"]);
  const told = event(socket, "hello");
  (await spy(context)).emit("tell_children", "", "hello", 0);
  await told;
});

test("the sockets of a parent cannot be fetched", async (context) => {
  assert.match(await ask(await spy(context), "fetch_parent"), /not supported/);
});

// Enters and leaves; returns when the server has seen it.
async function visit(context, asking, name) {
  const ends = await ask(asking, "ends", name);
  const socket = await connectClient(context, {}, name);
  socket.disconnect();
  await until(async () => (await ask(asking, "ends", name)) === ends + 1, "its end");
}

// Enters until the namespace had to be made anew.
const madeAnew = (context, asking, name, times) =>
  until(async () => (await visit(context, asking, name), (await ask(asking, "created", name)) >= times), "a new namespace");

test("empty children stay when they are not cleaned up", async (context) => {
  const name = fresh();
  const asking = await spy(context);
  for (let i = 0; i < 3; i++) await visit(context, asking, name);
  await refusal(makeClient(context, { auth: { refuse: true } }, name));
  await visit(context, asking, name);
  assert.equal(await ask(asking, "created", name), 1);
});

test("clean-up: an empty child is forgotten, and clients may enter it again", async (context) => {
  context = await forgetful(context);
  const asking = await spy(context);
  await madeAnew(context, asking, fresh(), 3);
});

test("clean-up: also when a middleware refused the only one", async (context) => {
  context = await forgetful(context);
  const name = fresh();
  const asking = await spy(context);
  const twice = async () => {
    await refusal(makeClient(context, { auth: { refuse: true } }, name));
    return (await ask(asking, "created", name)) >= 2;
  };
  await until(twice, "a new namespace");
});

test("clean-up: not while somebody else is in it", async (context) => {
  context = await forgetful(context);
  const name = fresh();
  const asking = await spy(context);
  const first = await connectClient(context, {}, name);
  await refusal(makeClient(context, { auth: { refuse: true } }, name));
  await visit(context, asking, name);
  await connectClient(context, {}, name);
  assert.equal(await ask(asking, "created", name), 1);
  assert.equal(await ask(first, "echo", "here"), "here");
});

test("clean-up: a namespace that no pattern made stays", async (context) => {
  context = await forgetful(context);
  for (let i = 0; i < 3; i++) {
    const socket = makeClient(context, {}, "/custom");
    await event(socket, "auth");
    socket.disconnect();
  }
});

await test.run();
