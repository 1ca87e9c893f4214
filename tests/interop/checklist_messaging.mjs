// Emits to many (the checklist's "messaging-many"), beside rooms.mjs.
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { ask, collect, connectClient } from "./support/client.mjs";
import { Crowd } from "./support/crowd.mjs";

const test = suite("checklist_messaging", { profile: "interop" });
const kBytes = Buffer.from([0, 1, 254, 255]);
const own = () => `room ${Math.random().toString(36).slice(2)}`;

for (const [what, value] of [["text", "b"], ["binary", kBytes]]) {
  test(`${what} to a namespace: all of it, nobody of another`, async (context) => {
    const crowd = await Crowd.gather(context, 2);
    const elsewhere = collect(await connectClient(context, {}, "/custom"));
    await ask(crowd.sockets[0], "send", {}, "a", value);
    await crowd.settle(crowd.sockets[0]);
    assert.deepEqual(crowd.heard("a"), [[value], [value]]);
    assert.deepEqual(elsewhere.filter(([name]) => name === "a"), []);
  });

  test(`${what} to the rest: not to the sender`, async (context) => {
    const crowd = await Crowd.gather(context, 3);
    await ask(crowd.sockets[1], "send", { from: "socket" }, "a", value);
    await crowd.settle(crowd.sockets[1]);
    assert.deepEqual(crowd.heard("a"), [[value], [], [value]]);
  });

  test(`${what} broadcast to rooms: the room without the sender`, async (context) => {
    const room = own();
    const crowd = await Crowd.gather(context, 3);
    const sender = crowd.sockets[2];
    for (const socket of crowd.sockets.slice(1)) await ask(socket, "join", room);
    await ask(sender, "send", { from: "socket", to: [room] }, "a", value);
    await crowd.settle(sender);
    assert.deepEqual(crowd.heard("a"), [[], [value], []]);
  });
}

test("send() of a namespace is the event `message`", async (context) => {
  const crowd = await Crowd.gather(context, 2);
  crowd.sockets[0].emit("send_message", { n: 1 });
  await ask(crowd.sockets[0], "echo", 0);
  await crowd.settle(crowd.sockets[0]);
  assert.deepEqual(crowd.heard("message"), [[{ n: 1 }], [{ n: 1 }]]);
});

test("rooms are kept track of", async (context) => {
  const socket = await connectClient(context, {}, "/checks");
  const [a, b, c] = [own(), own(), own()];
  for (const room of [a, b, c]) await ask(socket, "join", room);
  assert.deepEqual(await ask(socket, "rooms"), [socket.id, a, b, c].sort());
  await ask(socket, "leave", b);
  assert.deepEqual(await ask(socket, "rooms"), [socket.id, a, c].sort());
});

test("several rooms are joined at once, and left", async (context) => {
  const socket = await connectClient(context, {}, "/checks");
  const rooms = [own(), own(), own()];
  await ask(socket, "join", rooms);
  assert.deepEqual(await ask(socket, "rooms"), [socket.id, ...rooms].sort());
  await ask(socket, "leave_several", rooms.slice(1));
  assert.deepEqual(await ask(socket, "rooms"), [socket.id, rooms[0]].sort());
});

test("empty rooms are deleted", async (context) => {
  const [one, other] = (await Crowd.gather(context, 2)).sockets;
  const room = own();
  await ask(one, "join", room);
  await ask(other, "join", room);
  assert.ok((await ask(one, "room_names")).includes(room));
  await ask(one, "leave", room);
  assert.ok((await ask(other, "room_names")).includes(room));
  await ask(other, "leave", room);
  assert.ok(!(await ask(other, "room_names")).includes(room));
});

test("leaving a room that it is not in changes nothing", async (context) => {
  const socket = await connectClient(context, {}, "/checks");
  const room = own();
  await ask(socket, "join", room);
  await ask(socket, "leave", "unknown");
  assert.deepEqual(await ask(socket, "rooms"), [socket.id, room].sort());
});

test("a target is a value: what is made from it does not change it", async (context) => {
  const crowd = await Crowd.gather(context, 4);
  const rooms = [own(), own(), own(), own()];
  for (const [i, socket] of crowd.sockets.entries()) await ask(socket, "join", rooms[i]);
  await ask(crowd.sockets[3], "same_target", rooms);
  await crowd.settle();
  assert.deepEqual(crowd.counts("itself"), [1, 1, 0, 0]);
  assert.deepEqual(crowd.counts("other"), [1, 1, 0, 0]);
  assert.deepEqual(crowd.counts("wider"), [1, 1, 0, 1]);
  assert.deepEqual(crowd.counts("narrower"), [0, 1, 0, 0]);
});

for (const how of ["callback", "promise"]) {
  test(`${how}: a broadcast is acknowledged by everybody`, async (context) => {
    const room = own();
    const crowd = await Crowd.gather(context, 3);
    for (const [i, socket] of crowd.sockets.entries()) socket.on("some event", (value, ack) => ack(value + i));
    for (const socket of crowd.sockets) await ask(socket, "join", room);
    const { responses, timeout } = await ask(crowd.sockets[0], "ask_all_within", how, room, 2000, "some event", 10);
    assert.deepEqual(responses.sort(), [10, 11, 12]);
    assert.equal(timeout, false);
  });

  test(`${how}: one does not acknowledge in time, the others' answers are there`, async (context) => {
    const room = own();
    const crowd = await Crowd.gather(context, 3);
    const late = [];
    for (const [i, socket] of crowd.sockets.entries()) {
      await ask(socket, "join", room);
      socket.on("some event", (value, ack) => (i === 2 ? late.push(ack) : ack(i)));
    }
    const { responses, timeout } = await ask(crowd.sockets[0], "ask_all_within", how, room, 200, "some event", 0);
    assert.deepEqual(responses.sort(), [0, 1]);
    assert.equal(timeout, true);
    late[0]("too late, and harms nobody");
    assert.equal(await ask(crowd.sockets[2], "echo", "well"), "well");
  });

  test(`${how}: a broadcast to nobody answers at once`, async (context) => {
    const [socket] = (await Crowd.gather(context, 1)).sockets;
    assert.deepEqual(await ask(socket, "ask_all_within", how, own(), 60_000, "some event", 0), { responses: [], timeout: false });
  });
}

await test.run();
