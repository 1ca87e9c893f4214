// Pictures in the chat: by their bytes, for who is in, written before they are told (section 2).
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, chat, crew, heard, people, post, say } from "./support/chat_crew.mjs";
import { request } from "./support/http.mjs";
import { freshId, pictures } from "./support/pictures.mjs";

const test = suite("chat_pictures");

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

await test.run();
