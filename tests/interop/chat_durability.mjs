// kill -9 while ten people send as fast as they can: what was acknowledged is in the history exactly once and in order
// per sender, what was not at most once, and nothing else. The checker is checked first.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ChatServer, Person } from "./support/chat_server.mjs";
import { faultsOf } from "./support/history_checker.mjs";
import { kPolling } from "./support/client.mjs";
import { freshId } from "./support/pictures.mjs";

const test = suite("chat_durability");
const kSenders = 10;
const kStorms = Number(process.env.STORMS ?? 1); // each in a room of its own
const kRounds = 3; // kills in one storm; together fewer messages than a room keeps
const kInFlight = 20;
const kLimitMs = 120_000;

const good = () => ({
  sent: new Map([["a", ["a1", "a2", "a3"]], ["b", ["b1"]]]), acknowledged: new Set(["a1", "a2", "b1"]),
  history: [["a", "a1"], ["b", "b1"], ["a", "a2"], ["a", "a3"]].map(([sender, id]) => ({ sender, id })),
});
const kFaults = [
  ["one loss", (log) => log.history.splice(2, 1), ["a2 was acknowledged and is lost"]],
  ["one repeat", (log) => log.history.push({ sender: "a", id: "a3" }), ["a3 stands twice"]],
  ["one swap", (log) => ([log.history[2], log.history[3]] = [log.history[3], log.history[2]]), ["a2 stands behind a later one of a"]],
  ["one invented", (log) => log.history.push({ sender: "b", id: "b9" }), ["b9 was never sent by b"]],
  ["the unacknowledged missing", (log) => log.history.splice(3, 1), []],
];
test("the checker finds nothing in a good log", async () => assert.deepEqual(faultsOf(good()), []));
for (const [what, spoil, expected] of kFaults) {
  test(`the checker: ${what}`, async () => {
    const log = good();
    spoil(log);
    assert.deepEqual(faultsOf(log), expected);
  });
}

// Sends with some messages in flight until the line breaks; unanswered ones are sent again, with their ids, next time.
async function send(sender, room) {
  const socket = await sender.person.open("/room", { room: room.id }, sender.polling ? { transports: kPolling } : {});
  const ended = new Promise((resolve) => socket.once("disconnect", resolve));
  const post = async (id) => {
    try {
      const answer = await socket.timeout(10_000).emitWithAck("message", { id, text: id });
      if (answer.ok) sender.acknowledged.add(id);
      return answer.ok;
    } catch {
      return false;
    }
  };
  await Promise.all(sender.sent.filter((id) => !sender.acknowledged.has(id)).map(post));
  const worker = async () => {
    while (socket.connected) {
      const id = freshId();
      sender.sent.push(id);
      if (!(await post(id))) return;
    }
  };
  for (let i = 0; i < kInFlight; i++) void worker();
  await ended;
}

async function historyOf(person, room) {
  const socket = await person.enter(room.id);
  const messages = [];
  for (let more = true; more; ) {
    const oldest = messages[0]?.position;
    const page = await socket.timeout(10_000).emitWithAck("history", { limit: 100, ...(oldest ? { before: oldest } : {}) });
    assert.equal(page.ok, true, JSON.stringify(page));
    assert.equal(page.recovered, true);
    messages.unshift(...page.messages);
    more = page.more;
  }
  socket.disconnect();
  return messages.filter(({ kind }) => kind === "text");
}

// Lets all send, kills the server when so many more are acknowledged, and starts it again.
async function killWhileSending(chat, room, senders, enough) {
  const count = () => senders.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  const goal = count() + enough;
  const sending = senders.map((sender) => send(sender, room));
  await until(() => count() >= goal, `${enough} acknowledged messages`, 30_000);
  await chat.stop("SIGKILL");
  await Promise.all(sending);
  senders.forEach(({ person }) => person.leave());
  await chat.start();
}

for (let storm = 0; storm < kStorms; storm++) {
  test(`kill -9 under ${kSenders} senders, ${kRounds} times`, async (context) => {
    const chat = await ChatServer.start("--rate", "0");
    context.after(() => chat.remove());
    const owner = await Person.arrive(chat, "Owner");
    const room = await owner.makeRoom("Storm", { capacity: 50 });
    const senders = await Promise.all(Array.from({ length: kSenders }, async (_, i) => (
      { person: await Person.arrive(chat, `Sender ${i}`), polling: i % 2 === 0, sent: [], acknowledged: new Set() })));
    for (let round = 0; round < kRounds; round++) {
      await killWhileSending(chat, room, senders, 300 + Math.floor(Math.random() * 1000));
      const faults = faultsOf({
        sent: new Map(senders.map(({ person, sent }) => [person.id, sent])),
        acknowledged: new Set(senders.flatMap(({ acknowledged }) => [...acknowledged])),
        history: (await historyOf(owner, room)).map(({ from, id }) => ({ sender: from.id, id })),
      });
      assert.deepEqual(faults.slice(0, 10), []);
    }
  }, kLimitMs);
}

await test.run();
