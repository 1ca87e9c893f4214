// What happens in a chat room (sections 4 and 5).
import assert from "node:assert/strict";
import { suite, pause, until } from "./support/suite.mjs";
import { ask, crew, heard, of, people, refused, say } from "./support/chat_crew.mjs";
import { event, upgraded } from "./support/client.mjs";
import { freshId } from "./support/pictures.mjs";

const test = suite("chat_room");
const kLimitMs = 40_000;

test("welcome comes first and says who is here; then present and absent", async (context) => {
  const { owner, guest, room, a, b } = await crew(context);
  assert.equal(b.events[0][0], "welcome");
  assert.deepEqual(b.first.you, { socket: b.id, id: guest.id, nickname: "Guest", color: guest.color });
  assert.deepEqual(b.first.people.map(({ socket }) => socket).sort(), [a.id, b.id].sort());
  assert.equal(b.first.room.id, room.id);
  await heard(a, "present");
  assert.deepEqual(of(a, "present"), [b.first.you]);
  const { id } = b;
  b.disconnect();
  await heard(a, "absent", ({ socket }) => socket === id);
  assert.equal(of(a, "message").filter(({ what }) => what === "leave").length, 0, "the grace time");
  assert.ok(owner);
});

test("lines of coming and going; a reload makes none", async (context) => {
  const { guest, room, a, b } = await crew(context);
  const lines = () => of(a, "message").filter(({ kind, from }) => kind === "system" && from.id === guest.id).map(({ what }) => what);
  await until(() => lines().length === 1, "the line join");
  b.disconnect();
  const back = await guest.enter(room.id);
  const second = await guest.enter(room.id);
  back.disconnect();
  await pause(5500);
  assert.deepEqual(lines(), ["join"]);
  second.disconnect();
  await until(() => lines().includes("leave"), "the line leave", 9000);
  assert.deepEqual(lines(), ["join", "leave"]);
}, kLimitMs);

test("a new nickname is told to room and lobby, old messages keep the old one", async (context) => {
  const { guest, a, b } = await crew(context);
  const lobby = await guest.lobby();
  await say(b, "as Guest");
  await guest.rename("나그네");
  await heard(a, "present", ({ nickname }) => nickname === "나그네");
  await heard(a, "message", ({ what, was, from }) => what === "rename" && was === "Guest" && from.nickname === "나그네");
  await heard(lobby, "me", ({ nickname }) => nickname === "나그네");
  const { messages } = await ask(a, "history", {});
  assert.equal(messages.find(({ text }) => text === "as Guest").from.nickname, "Guest");
});

test("a message: ack, event, history say the same", async (context) => {
  const { guest, a, b } = await crew(context);
  const id = freshId();
  const text = "  줄 하나\n줄 둘\t<b>&amp;</b> \"\\ 🚢  ";
  const answer = await say(b, text, id);
  assert.deepEqual({ ...answer, position: 0, time: 0 }, { ok: true, id, position: 0, time: 0, repeated: false });
  assert.match(answer.position, /^[A-Za-z0-9_.~-]{1,64}$/);
  for (const socket of [a, b]) await heard(socket, "message", (message) => message.id === id);
  const [message] = of(a, "message").filter((one) => one.id === id);
  assert.deepEqual(message, { id, kind: "text", from: { id: guest.id, nickname: "Guest", color: guest.color }, text: text.trim(), time: answer.time, position: answer.position });
  assert.deepEqual((await ask(b, "history", { limit: 1 })).messages, [message]);
});

test("the same id again is stored once, told once, answered the same", async (context) => {
  const { a, b } = await crew(context);
  const id = freshId();
  const first = await say(b, "once", id);
  const second = await say(b, "once", id);
  assert.deepEqual(second, { ...first, repeated: true });
  await say(b, "after");
  await heard(a, "message", ({ text }) => text === "after");
  assert.equal(of(a, "message").filter((one) => one.id === id).length, 1);
  assert.equal((await ask(a, "history", {})).messages.filter((one) => one.id === id).length, 1);
  assert.equal((await say(a, "mine", id)).repeated, false, "another person's id is another message");
});

const kBadMessages = [
  [{ id: "short", text: "x" }, /^bad_request$/], [{ id: "with blank in it", text: "x" }, /^bad_request$/], [{ id: "x".repeat(65), text: "x" }, /^bad_request$/],
  [{ text: "no id" }, /^bad/], [{ id: "12345678" }, /^bad/], [{ id: 12345678, text: "x" }, /^bad/], [{ id: "12345678", text: 5 }, /^bad/],
  [{ id: "12345678", text: "" }, /^bad_request$/], [{ id: "12345678", text: " \n " }, /^bad_request$/], [{ id: "12345678", text: "\u0000" }, /^bad_request$/],
  [{ id: "12345678", text: "x".repeat(2001) }, /^too_long$/], ["text", /^bad/], [null, /^bad/], [[], /^bad/],
];
test("messages that are refused, and the connection stays", async (context) => {
  const { b } = await crew(context);
  for (const [value, code] of kBadMessages) assert.match((await ask(b, "message", value)).error, code, JSON.stringify(value)?.slice(0, 60));
  assert.equal((await say(b, "한".repeat(2000))).ok, true);
});

test("one sender's messages keep their order, for all", async (context) => {
  const { a, b } = await crew(context);
  const sent = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  const answers = await Promise.all(sent.map((text) => say(b, text)));
  assert.ok(answers.every(({ ok }) => ok), JSON.stringify(answers.find(({ ok }) => !ok)));
  await heard(a, "message", ({ text }) => text === "line 29");
  const lines = (messages) => messages.filter(({ kind }) => kind === "text").map(({ text }) => text);
  assert.deepEqual(lines(of(a, "message")), sent);
  assert.deepEqual(lines((await ask(a, "history", {})).messages), sent);
});

test("who writes too fast is slowed down, and told for how long", async (context) => {
  const { b } = await crew(context);
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => say(b, `fast ${i}`)));
  const slowed = answers.filter(({ error }) => error === "slow_down");
  assert.ok(slowed.length > 0);
  assert.ok(slowed.every(({ retry_after: after }) => after > 0));
  await pause(Math.max(...slowed.map(({ retry_after: after }) => after)) + 50);
  assert.equal((await say(b, "calm")).ok, true);
}, kLimitMs);

test("history pages, backward and forward, and honest about what it does not know", async (context) => {
  const { a, b } = await crew(context);
  for (let i = 0; i < 35; i++) await say(b, `line ${i}`);
  const texts = ({ messages }) => messages.map(({ text }) => text);
  const newest = await ask(a, "history", { limit: 10 });
  assert.deepEqual(texts(newest), Array.from({ length: 10 }, (_, i) => `line ${25 + i}`));
  assert.deepEqual([newest.more, newest.recovered], [true, true]);
  const older = await ask(a, "history", { before: newest.messages[0].position, limit: 10 });
  assert.deepEqual(texts(older), Array.from({ length: 10 }, (_, i) => `line ${15 + i}`));
  assert.equal(older.more, true);
  const newer = await ask(a, "history", { after: older.messages.at(-1).position, limit: 4 });
  assert.deepEqual(texts(newer), ["line 25", "line 26", "line 27", "line 28"]);
  assert.equal(newer.more, true);
  const rest = await ask(a, "history", { after: newer.messages.at(-1).position });
  assert.deepEqual(texts(rest), Array.from({ length: 6 }, (_, i) => `line ${29 + i}`));
  assert.equal(rest.more, false);
  const nothing = await ask(a, "history", { after: newest.messages.at(-1).position });
  assert.deepEqual([nothing.messages, nothing.more, nothing.recovered], [[], false, true]);
  const all = await ask(a, "history", { limit: 100 });
  assert.equal(all.more, false);
  const first = await ask(a, "history", { before: all.messages[0].position });
  assert.deepEqual([first.messages, first.more], [[], false]);
  const foreign = await ask(a, "history", { after: "eAAAAAAAAAAA.5" });
  assert.equal(foreign.recovered, false);
  assert.ok(foreign.messages.length > 0 && foreign.messages.length <= 50);
  assert.equal((await ask(a, "history", { limit: 100_000 })).messages?.length ?? 100, all.messages.length > 100 ? 100 : all.messages.length);
  for (const bad of [{ before: 5 }, { limit: -1 }, { limit: "x" }, "x"]) assert.match((await ask(a, "history", bad)).error ?? "", /^bad/, JSON.stringify(bad));
}, kLimitMs);

test("a whisper reaches one socket only", async (context) => {
  const { guest, room, a, b } = await crew(context);
  const [third] = await people(context, "Third");
  const c = await third.enter(room.id);
  const id = freshId();
  const answer = await ask(b, "whisper", { id, to: a.id, text: "only you" });
  assert.equal(answer.ok, true);
  await heard(a, "whisper");
  const [whisper] = of(a, "whisper");
  assert.deepEqual({ ...whisper, time: 0 }, { id, from: { socket: b.id, id: guest.id, nickname: "Guest", color: guest.color }, text: "only you", time: 0 });
  await say(b, "for all");
  await heard(c, "message", ({ text }) => text === "for all");
  assert.equal(of(c, "whisper").length + of(b, "whisper").length, 0);
  assert.ok((await ask(a, "history", {})).messages.every(({ text }) => text !== "only you"));
  const elsewhere = await third.enter((await third.makeRoom("Elsewhere")).id);
  for (const to of [elsewhere.id, "nobody", c.id + "x"]) assert.equal((await ask(b, "whisper", { id: freshId(), to, text: "x" })).error, "not_here");
  assert.match((await ask(b, "whisper", { id: freshId(), to: room.id, text: "x" })).error, /^not_here$/, "a room's name is no person");
  assert.equal((await ask(b, "whisper", { id: freshId(), to: a.id, text: "x".repeat(2001) })).error, "too_long");
});

test("typing is told to the others", async (context) => {
  const { a, b } = await crew(context);
  // It is told volatile: whoever changes to WebSocket just then may miss it.
  await upgraded(a);
  await ask(a, "history", { limit: 1 }); // answered over the WebSocket, so the server's end has changed too
  b.emit("typing", { on: true });
  await heard(a, "typing", ({ socket, on }) => socket === b.id && on === true);
  b.emit("typing", { on: false });
  await heard(a, "typing", ({ on }) => on === false);
  assert.equal(of(b, "typing").length, 0);
});

test("the owner removes a person: all tabs go, and do not come back", async (context) => {
  const { owner, guest, room, a, b } = await crew(context);
  const tab = await guest.enter(room.id);
  assert.equal((await ask(b, "remove", { person: owner.id })).error, "not_owner");
  assert.ok((await ask(a, "remove", { person: owner.id })).error);
  const ends = Promise.all([b, tab].map((socket) => event(socket, "disconnect")));
  assert.deepEqual(await ask(a, "remove", { person: guest.id }), { ok: true });
  for (const [reason] of await ends) assert.equal(reason, "io server disconnect");
  for (const socket of [b, tab]) assert.deepEqual(of(socket, "gone"), [{ reason: "removed" }]);
  await heard(a, "message", ({ what, who, from }) => what === "remove" && who.id === guest.id && from.id === owner.id);
  assert.equal(await refused(guest, "/room", { room: room.id }), "removed");
});

await test.run();
