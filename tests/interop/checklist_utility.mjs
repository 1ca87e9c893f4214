// fetchSockets, socketsJoin, socketsLeave, disconnectSockets, each for all and for a room (the checklist's "utility-methods").
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, event } from "./support/client.mjs";
import { Crowd } from "./support/crowd.mjs";

const test = suite("checklist_utility", { profile: "interop" });

// Alone in their namespace: a in room1 and room2, b in room1, c in room2.
async function three(context) {
  const { sockets } = await Crowd.gather(context, 3);
  const [a, b, c] = sockets;
  const ids = sockets.map(({ id }) => id).sort();
  await until(async () => (await ask(a, "who", "")).length === 3, "that the last test's have gone");
  await ask(a, "join", ["room1", "room2"]);
  await ask(b, "join", "room1");
  await ask(c, "join", "room2");
  return { a, b, c, ids };
}

// Joins and leaves of others are done when they are done: with two loops a moment later.
const inRoom = async (asker, room, expected) => {
  const wanted = expected.map(({ id }) => id).sort();
  let got;
  await until(async () => JSON.stringify((got = await ask(asker, "who", room))) === JSON.stringify(wanted), `${room}: ${got}`).catch(() => assert.deepEqual(got, wanted));
};

test("fetchSockets: all", async (context) => {
  const { a, ids } = await three(context);
  assert.deepEqual(await ask(a, "who", ""), ids);
});

test("fetchSockets: of a room", async (context) => {
  const { a, b } = await three(context);
  await inRoom(b, "room1", [a, b]);
});

test("socketsJoin: all join", async (context) => {
  const { a, b, c } = await three(context);
  await ask(b, "all_join", "", "room3");
  await inRoom(c, "room3", [a, b, c]);
});

test("socketsJoin: those of a room join", async (context) => {
  const { a, b, c } = await three(context);
  await ask(c, "all_join", "room1", "room3");
  await inRoom(c, "room3", [a, b]);
});

test("socketsLeave: all leave", async (context) => {
  const { a, b, c } = await three(context);
  await ask(c, "all_leave", "", "room1");
  await inRoom(b, "room1", []);
  await inRoom(b, "room2", [a, c]);
});

test("socketsLeave: those of a room leave another", async (context) => {
  const { a, b, c } = await three(context);
  await ask(c, "all_leave", "room2", "room1");
  await inRoom(c, "room1", [b]);
  await inRoom(c, "room2", [a, c]);
});

test("disconnectSockets: all", async (context) => {
  const { a, b, c } = await three(context);
  const ends = Promise.all([a, b, c].map((socket) => event(socket, "disconnect")));
  a.emit("throw_out", "", true);
  for (const [reason] of await ends) assert.match(reason, /^(io server disconnect|transport close)$/);
});

test("disconnectSockets: those of a room", async (context) => {
  const { a, b, c } = await three(context);
  const ends = Promise.all([a, c].map((socket) => event(socket, "disconnect")));
  b.emit("throw_out", "room2", true);
  await ends;
  assert.equal(await ask(b, "echo", "still here"), "still here");
  await inRoom(b, "", [b]);
});

await test.run();
