// What servers of a cluster do together, with one server: the fourteen behaviours of the `cluster` profile, ten
// clients each.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, collect, connectClient, event, kWebSocket } from "./support/client.mjs";

const test = suite("cluster", { profile: "cluster" });
const kClients = 10;
const kFirstRooms = ["room1", "room2", "room4", "room5"];

// The rooms of those who went are left when the server has seen them go.
async function connectAll(context) {
  const sockets = await Promise.all(Array.from({ length: kClients }, () => connectClient(context, { transports: kWebSocket })));
  await until(async () => (await ask(sockets[0], "fetch_sockets")).length === kClients, "the last test's clients have gone");
  return sockets;
}
const rooms = async (socket) => (await ask(socket, "rooms")).sort();
const roomsOf = async (socket, id) => (await ask(socket, "get_rooms_remote_sock", id)).sort();
const idsOf = (sockets) => sockets.map(({ id }) => id).sort();

for (const name of ["broadcast", "volatile_broadcast"]) {
  test(`${name}: everybody hears it, once`, async (context) => {
    const sockets = await connectAll(context);
    const logs = sockets.map(collect);
    for (const socket of sockets) {
      const heard = sockets.map((each) => event(each, name));
      socket.emit(name);
      for (const values of await Promise.all(heard)) assert.deepEqual(values, [`hello from ${socket.id}`]);
    }
    for (const log of logs) assert.equal(log.length, kClients);
  });
}

test("broadcast_with_ack: everybody is asked, with one null, and all answers come", async (context) => {
  const sockets = await connectAll(context);
  for (const socket of sockets) socket.on("broadcast_with_ack", (value, ack) => ack(value === null ? `ack from ${socket.id}` : "not null"));
  for (const socket of sockets) {
    const answers = await ask(socket, "broadcast_with_ack");
    assert.deepEqual(answers.sort(), idsOf(sockets).map((id) => `ack from ${id}`).sort());
  }
});

test("disconnect_socket: everybody is disconnected, told so", async (context) => {
  const sockets = await connectAll(context);
  const gone = sockets.map((socket) => event(socket, "disconnect"));
  sockets[3].emit("disconnect_socket");
  for (const [reason] of await Promise.all(gone)) assert.equal(reason, "io server disconnect");
});

test("rooms: all names, ids of sockets among them", async (context) => {
  const sockets = await connectAll(context);
  const expected = [...kFirstRooms, ...idsOf(sockets)].sort();
  for (const socket of sockets) assert.deepEqual(await rooms(socket), expected);
});

test("fetch_sockets: everybody, with id and namespace", async (context) => {
  const sockets = await connectAll(context);
  for (const socket of sockets) {
    const found = await ask(socket, "fetch_sockets");
    assert.deepEqual(found.map(({ id }) => id).sort(), idsOf(sockets));
    assert.ok(found.every(({ ns }) => ns === "/"));
  }
});

test("join_room and leave_room: everybody joins one, everybody leaves one, and it is gone", async (context) => {
  const sockets = await connectAll(context);
  await ask(sockets[0], "join_room");
  await until(async () => (await rooms(sockets[1])).includes("room7"), "room7 is there");
  for (const { id } of sockets) await until(async () => (await roomsOf(sockets[2], id)).includes("room7"), "everybody is in room7");
  await ask(sockets[0], "leave_room");
  await until(async () => !(await rooms(sockets[1])).includes("room4"), "room4 is gone");
});

test("emit_from_remote_sock: only that one hears it", async (context) => {
  const sockets = await connectAll(context);
  const logs = sockets.map(collect);
  for (const [i, socket] of sockets.entries()) {
    const target = sockets[(i + 1) % kClients];
    const heard = event(target, "emit");
    await ask(socket, "emit_from_remote_sock", target.id);
    assert.deepEqual(await heard, [`hello from ${socket.id}`]);
  }
  for (const log of logs) assert.equal(log.length, 1);
});

test("emit_with_ack_from_remote_sock: its one answer, not a list", async (context) => {
  const sockets = await connectAll(context);
  for (const socket of sockets) socket.on("emit", (text, ack) => ack(`${text}, says ${socket.id}`));
  for (const [i, socket] of sockets.entries()) {
    const target = sockets[(i + 1) % kClients];
    assert.equal(await ask(socket, "emit_with_ack_from_remote_sock", target.id), `hello from ${socket.id}, says ${target.id}`);
  }
});

test("join, leave and get_rooms of a remote socket", async (context) => {
  const sockets = await connectAll(context);
  for (const [i, socket] of sockets.entries()) {
    const target = sockets[(i + 1) % kClients];
    const before = [...kFirstRooms, target.id].sort();
    assert.deepEqual(await roomsOf(socket, target.id), before);
    await ask(socket, "join_room_from_remote_sock", target.id);
    const joined = [...before, `hello from ${socket.id}`].sort();
    await until(async () => String(await roomsOf(socket, target.id)) === String(joined), "it has joined");
    await ask(socket, "leave_room_from_remote_sock", target.id);
    const left = joined.filter((room) => room !== "room4");
    await until(async () => String(await roomsOf(socket, target.id)) === String(left), "it has left room4");
  }
});

test("disconnect_remote_sock: that one goes, the others stay", async (context) => {
  const sockets = await connectAll(context);
  const gone = event(sockets[7], "disconnect");
  await ask(sockets[2], "disconnect_remote_sock", sockets[7].id);
  assert.deepEqual((await gone)[0], "io server disconnect");
  await until(async () => (await ask(sockets[2], "fetch_sockets")).length === kClients - 1, "nine are left");
  assert.equal(sockets.filter(({ connected }) => connected).length, kClients - 1);
});

await test.run();
