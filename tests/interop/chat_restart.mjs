// The chat by polling alone, and after its server was stopped or killed.
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { ask, chat, crew, heard, people, post, refused, say } from "./support/chat_crew.mjs";
import { request } from "./support/http.mjs";
import { kPolling } from "./support/client.mjs";
import { freshId, pictures } from "./support/pictures.mjs";

const test = suite("chat_restart");
const kLimitMs = 40_000;

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

await test.run();
