// The chat's protocol (docs/protocol/chat.md) as its server keeps it: NARU_BIN=…/naru node tests/interop/chat_protocol.mjs
import assert from "node:assert/strict";
import { suite, pause, until } from "./support/suite.mjs";
import { ChatServer, Person } from "./support/chat_server.mjs";
import { request } from "./support/http.mjs";
import { event, kPolling } from "./support/client.mjs";
import { freshId, pictures } from "./support/pictures.mjs";

const test = suite("chat_protocol");
const chat = await ChatServer.start();
const kLimitMs = 40_000;
const kPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// As many people as names; one without a name of his own when none is given.
async function people(context, ...names) {
  const all = await Promise.all((names.length ? names : [undefined]).map((name) => Person.arrive(chat, name)));
  context.after(() => all.forEach((person) => person.leave()));
  return all;
}

const ask = (socket, name, value) => socket.timeout(5000).emitWithAck(name, value);
const say = (socket, text, id = freshId()) => ask(socket, "message", { id, text });
const of = (socket, name) => socket.events.filter(([one]) => one === name).map(([, value]) => value);
const heard = (socket, name, fits = () => true) => until(() => of(socket, name).some(fits), `the event ${name}`, 10_000);
const refused = async (person, namespace, auth, options) => {
  const error = await person.open(namespace, auth, options).then(() => assert.fail("was not refused"), (problem) => problem);
  assert.equal(error.data?.error, error.message);
  return error.message;
};

// Pages, identity

test("the page: policy, no-cache, ETag, cookie", async () => {
  const answer = await request(chat, "/");
  assert.equal(answer.status, 200);
  assert.match(answer.type, /^text\/html; ?charset=utf-8$/i);
  assert.equal(answer.headers["content-security-policy"].replace(/\s+/g, " "), kPolicy);
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
  assert.equal(answer.headers["referrer-policy"], "same-origin");
  assert.match(answer.headers["cache-control"], /no-cache/);
  const cookie = answer.headers["set-cookie"][0];
  for (const part of [/^naru\.sid=/, /; ?HttpOnly/i, /; ?SameSite=Lax/i, /; ?Path=\//i]) assert.match(cookie, part);
  assert.doesNotMatch(cookie, /; ?Secure/i);
  const again = await request(chat, "/", { headers: { "if-none-match": answer.headers.etag, cookie: cookie.split(";")[0] } });
  assert.equal(again.status, 304);
});

test("its files are immutable and named by hash", async () => {
  const { body } = await request(chat, "/");
  const names = [...body.matchAll(/"(\/assets\/[\w.-]+)"/g)].map(([, name]) => name);
  assert.ok(names.length >= 3, body);
  for (const name of names) {
    const answer = await request(chat, name);
    assert.equal(answer.status, 200, name);
    assert.match(answer.headers["cache-control"], /immutable/);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
  }
  assert.equal((await request(chat, "/assets/none.js")).status, 404);
  assert.equal((await request(chat, "/assets/../data")).status, 404);
});

test("the same cookie is the same person, a forged one is somebody new", async (context) => {
  const [one] = await people(context, "One");
  const same = await (await one.fetch("/api/me")).json();
  assert.deepEqual(same.me, { id: one.id, nickname: "One", color: one.color });
  assert.deepEqual(same.limits, { title: 60, text: 2000, nickname: 24, capacity: 500, picture: 5242880 });
  const last = one.cookie.at(-5);
  const forged = one.cookie.slice(0, -5) + (last === "A" ? "B" : "A") + one.cookie.slice(-4);
  const other = await fetch(`${chat.url}/api/me`, { headers: { cookie: forged } });
  assert.notEqual((await other.json()).me.id, one.id);
  assert.ok(other.headers.get("set-cookie"));
});

test("nicknames: trimmed, 1 to 24 characters, no control characters", async (context) => {
  const [one] = await people(context);
  for (const good of ["  나루 ", "é".repeat(24), "🚢".repeat(24)]) {
    const answer = await one.rename(good);
    assert.equal(answer.status, 200, good);
    assert.equal((await answer.json()).me.nickname, good.trim());
  }
});

for (const bad of ["", "   ", "x".repeat(25), "a\u0000b", "a\nb", 7, null]) {
  test(`a nickname that is refused: ${JSON.stringify(bad)}`, async (context) => {
    const [one] = await people(context);
    const answer = await one.rename(bad);
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error, "bad_request");
  });
}

test("routes that change state refuse a foreign Origin", async (context) => {
  const [one] = await people(context);
  const body = '{"nickname":"x"}';
  const foreign = await request(chat, "/api/me", { method: "PUT", body, headers: { cookie: one.cookie, origin: "http://example.org" } });
  assert.equal(foreign.status, 403);
  const own = await request(chat, "/api/me", { method: "PUT", body, headers: { cookie: one.cookie, origin: chat.url } });
  assert.equal(own.status, 200);
  const nobody = await request(chat, "/api/me", { method: "PUT", body });
  assert.equal(nobody.status, 401);
});

test("without the cookie no namespace is entered", async () => {
  const nobody = Object.assign(new Person(), { server: chat, cookie: "other=1", sockets: [] });
  assert.equal(await refused(nobody, "/lobby"), "no_session");
  assert.equal(await refused(nobody, "/room", { room: "r1" }), "no_session");
  nobody.leave();
});

// Lobby

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

// Entering

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

// Being inside

async function crew(context, title = "Crew") {
  const [owner, guest] = await people(context, "Owner", "Guest");
  const room = await owner.makeRoom(title);
  const a = await owner.enter(room.id);
  const b = await guest.enter(room.id);
  return { owner, guest, room, a, b };
}

test("welcome comes first and says who is here; then present and absent", async (context) => {
  const { owner, guest, room, a, b } = await crew(context);
  assert.equal(b.events[0][0], "welcome");
  assert.deepEqual(b.first.you, { socket: b.id, id: guest.id, nickname: "Guest", color: guest.color });
  assert.deepEqual(b.first.people.map(({ socket }) => socket).sort(), [a.id, b.id].sort());
  assert.equal(b.first.room.id, room.id);
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

// Pictures

const post = (person, room, body, { id = freshId(), query = "", headers = {} } = {}) =>
  person.fetch(`/api/rooms/${room.id}/pictures?id=${id}${query}`, { method: "POST", body, headers });

for (const [name, { bytes, type, ending }] of Object.entries(pictures)) {
  test(`a ${name}: written, told, served`, async (context) => {
    const { guest, room, a } = await crew(context);
    const id = freshId();
    const answer = await post(guest, room, bytes, { id, query: "&width=4&height=3", headers: { "content-type": "text/html" } });
    assert.equal(answer.status, 201);
    const { message } = await answer.json();
    assert.deepEqual({ ...message, url: 0, time: 0, position: 0 },
      { id, kind: "picture", from: { id: guest.id, nickname: "Guest", color: guest.color }, url: 0, type, width: 4, height: 3, time: 0, position: 0 });
    assert.match(message.url, new RegExp(`^/pictures/[A-Za-z0-9_-]{22}\\.${ending}$`));
    await heard(a, "message", (one) => one.id === id && one.position === message.position);
    const served = await request(chat, message.url);
    assert.deepEqual(served.bytes, bytes);
    assert.equal(served.type, type);
    assert.equal(served.headers["x-content-type-options"], "nosniff");
    assert.match(served.headers["content-security-policy"], /default-src 'none'/);
    const again = await post(guest, room, bytes, { id });
    assert.equal(again.status, 200);
    assert.deepEqual((await again.json()).message, message);
  });
}

test("what is no picture is refused by its bytes", async (context) => {
  const { guest, room } = await crew(context);
  for (const bytes of ["<!doctype html><script>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "", "GIF8", "RIFF\0\0\0\0WAVE"]) {
    const answer = await post(guest, room, bytes, { headers: { "content-type": "image/png" } });
    assert.equal(answer.status, 415, bytes);
    assert.equal((await answer.json()).error, "not_a_picture");
  }
});

test("a picture that is too large", async (context) => {
  const { guest, room, a } = await crew(context);
  const answer = await post(guest, room, Buffer.concat([pictures.GIF.bytes, Buffer.alloc(5 * 1024 * 1024)])).catch(() => null);
  if (answer) assert.equal(answer.status, 413);
  assert.equal((await say(a, "still here")).ok, true);
  assert.equal((await post(guest, room, Buffer.concat([pictures.GIF.bytes, Buffer.alloc(5 * 1024 * 1024 - pictures.GIF.bytes.length)]))).status, 201);
});

test("who may not send pictures", async (context) => {
  const { guest, room } = await crew(context);
  const [stranger] = await people(context);
  const code = async (answer) => [answer.status, (await answer.json()).error];
  assert.deepEqual(await code(await post(stranger, room, pictures.GIF.bytes)), [403, "not_in_room"]);
  assert.deepEqual(await code(await post(guest, { id: "rnone" }, pictures.GIF.bytes)), [404, "no_room"]);
  assert.deepEqual(await code(await post(guest, room, pictures.GIF.bytes, { id: "bad id" })), [400, "bad_request"]);
  const foreign = await request(chat, `/api/rooms/${room.id}/pictures?id=${freshId()}`, { method: "POST", body: pictures.GIF.bytes, headers: { cookie: guest.cookie, origin: "http://example.org" } });
  assert.equal(foreign.status, 403);
  const nobody = await request(chat, `/api/rooms/${room.id}/pictures?id=${freshId()}`, { method: "POST", body: pictures.GIF.bytes });
  assert.equal(nobody.status, 401);
  for (const path of ["/pictures/none.gif", "/pictures/../secret", "/pictures/%2e%2e%2fsecret", "/pictures/"]) assert.equal((await request(chat, path)).status, 404, path);
});

test("a deleted room's pictures and history are gone", async (context) => {
  const { owner, guest, room } = await crew(context);
  const { message } = await (await post(guest, room, pictures.PNG.bytes)).json();
  await ask(await owner.lobby(), "delete_room", { room: room.id });
  await until(async () => (await request(chat, message.url)).status === 404, "the picture to go");
});

// Lines that break

test("by polling alone", async (context) => {
  const [one] = await people(context, "Polling");
  const room = await one.makeRoom("Polling");
  const socket = await one.open("/room", { room: room.id }, { transports: kPolling });
  assert.equal((await say(socket, "slow but sure")).ok, true);
  await heard(socket, "message", ({ text }) => text === "slow but sure");
});

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`after ${signal} rooms, names, passwords, history and ids are as before`, async (context) => {
    const { owner, guest, room, b } = await crew(context, `Kept over ${signal}`);
    const locked = await owner.makeRoom(`Locked over ${signal}`, { password: "kept" });
    const id = freshId();
    const before = await say(b, "kept", id);
    const picture = (await (await post(guest, room, pictures.JPEG.bytes)).json()).message;
    await chat.stop(signal);
    if (signal === "SIGTERM") assert.equal(chat.exited, "code 0", chat.output);
    await chat.start();
    assert.equal((await (await guest.fetch("/api/me")).json()).me.nickname, "Guest");
    const again = await guest.enter(room.id);
    assert.deepEqual(await say(again, "kept", id), { ...before, repeated: true });
    const { messages } = await ask(again, "history", {});
    assert.deepEqual(messages.filter(({ kind }) => kind !== "system").map(({ id: one }) => one), [id, picture.id]);
    const since = await ask(again, "history", { after: before.position });
    assert.equal(since.recovered, true);
    assert.deepEqual((await request(chat, picture.url)).bytes, pictures.JPEG.bytes);
    assert.equal(await refused(guest, "/room", { room: locked.id, password: "no" }), "wrong_password");
    await guest.enter(locked.id, "kept");
  }, kLimitMs);
}

process.on("exit", () => chat.child.kill("SIGKILL"));
await test.run();
