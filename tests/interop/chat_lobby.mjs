// The chat's list of rooms, and the ways into one (sections 3 and 4).
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { ask, heard, of, people, refused, say } from "./support/chat_crew.mjs";

const test = suite("chat_lobby");
const kLimitMs = 40_000;

test("the lobby is told of new, changed and deleted rooms", async (context) => {
  const [owner, guest] = await people(context, "Owner", "Guest");
  const watching = await guest.lobby();
  const room = await owner.makeRoom("  저녁 배  ", { capacity: 2 });
  assert.deepEqual({ ...room, id: 0, created: 0 }, { id: 0, title: "저녁 배", owner: owner.id, capacity: 2, people: 0, locked: false, created: 0, last: null });
  await heard(watching, "room", ({ id }) => id === room.id);
  const inside = await owner.enter(room.id);
  await heard(watching, "room", ({ id, people }) => id === room.id && people === 1);
  await say(inside, "the last line");
  await heard(watching, "room", ({ id, last }) => id === room.id && last?.text === "the last line" && last.nickname === "Owner");
  assert.ok((await owner.lobby()).first.some(({ id }) => id === room.id));
  assert.equal((await ask(watching, "delete_room", { room: room.id })).error, "not_owner");
  const deleting = await owner.lobby();
  assert.deepEqual(await ask(deleting, "delete_room", { room: room.id }), { ok: true });
  await heard(watching, "room_gone", ({ id }) => id === room.id);
  await heard(inside, "gone");  // another connection, perhaps another loop: no order with the lobby's event
  assert.deepEqual(of(inside, "gone"), [{ reason: "deleted" }]);
  assert.equal((await ask(deleting, "delete_room", { room: room.id })).error, "no_room");
  assert.equal(await refused(guest, "/room", { room: room.id }), "no_room");
});

const kBadRooms = [
  {}, { title: "", capacity: 5 }, { title: "   ", capacity: 5 }, { title: "x".repeat(61), capacity: 5 }, { title: "a\u0007", capacity: 5 },
  { title: "x", capacity: 1 }, { title: "x", capacity: 501 }, { title: "x", capacity: 2.5 }, { title: "x", capacity: "5" }, { title: 5, capacity: 5 },
  { title: "x", capacity: 5, password: "p".repeat(73) }, { title: "x", capacity: 5, password: 7 },
];
test("rooms that are refused", async (context) => {
  const [one] = await people(context);
  const lobby = await one.lobby();
  for (const wish of kBadRooms) {
    const { error } = await ask(lobby, "create_room", wish);
    assert.ok(error === "bad_request" || error === "bad arguments", `${JSON.stringify(wish)}: ${error}`);
  }
}, kLimitMs);

test("rooms made too fast are slowed down", async (context) => {
  const [one] = await people(context);
  const lobby = await one.lobby();
  const answers = [];
  for (let i = 0; i < 7; i++) answers.push(await ask(lobby, "create_room", { title: `fast ${i}`, capacity: 2 }));
  const slowed = answers.find(({ error }) => error === "slow_down");
  assert.ok(slowed, JSON.stringify(answers));
  assert.ok(slowed.retry_after > 0);
});

test("a locked room: password, once per session; its last line stays inside", async (context) => {
  const [owner, guest] = await people(context, "Owner", "Guest");
  const room = await owner.makeRoom("Locked", { password: "열려라 참깨" });
  assert.equal(room.locked, true);
  const inside = await owner.enter(room.id);
  await say(inside, "secret");
  assert.equal(await refused(guest, "/room", { room: room.id }), "password_needed");
  assert.equal(await refused(guest, "/room", { room: room.id, password: "wrong" }), "wrong_password");
  await guest.enter(room.id, "열려라 참깨");
  guest.leave();
  await guest.enter(room.id);
  const shown = (await guest.lobby()).first.find(({ id }) => id === room.id);
  assert.equal(shown.last, null);
  assert.equal(shown.locked, true);
});

test("wrong passwords are slowed down", async (context) => {
  const [owner, guest] = await people(context, "Owner", "Guest");
  const room = await owner.makeRoom("Guess", { password: "right" });
  const answers = [];
  for (let i = 0; i < 7; i++) answers.push(await refused(guest, "/room", { room: room.id, password: `wrong ${i}` }));
  assert.ok(answers.includes("slow_down"), answers.join());
}, kLimitMs);

test("what is no room or no auth", async (context) => {
  const [one] = await people(context);
  for (const auth of [{}, { room: 7 }, { room: "" }, { room: "rnone" }, { room: "x".repeat(5000) }]) {
    assert.match(await refused(one, "/room", auth), /^(bad_request|no_room)$/, JSON.stringify(auth));
  }
});

test("a full room refuses another person, but not a second tab nor the owner", async (context) => {
  const [owner, one, two, three] = await people(context, "Owner", "One", "Two", "Three");
  const room = await owner.makeRoom("Small", { capacity: 2 });
  await one.enter(room.id);
  await two.enter(room.id);
  assert.equal(await refused(three, "/room", { room: room.id }), "full");
  await one.enter(room.id);
  await owner.enter(room.id);
});

await test.run();
