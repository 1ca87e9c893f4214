// Who one is in the chat: page, cookie, nickname, Origin (docs/protocol/chat.md, sections 2 and 6).
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { chat, people, refused } from "./support/chat_crew.mjs";
import { Person } from "./support/chat_server.mjs";
import { request } from "./support/http.mjs";

const test = suite("chat_identity");
const kPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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

await test.run();
