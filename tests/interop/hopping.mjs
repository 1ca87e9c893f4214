// Clients that change transports at random, in mid-stream, while publishers publish by every door and the server is
// killed and started again: each has every answered message exactly once, in order, and all have the same.
// MESSAGES=1000000 makes it one long run; DEATH=SIGUSR1 with tests/durability/lossy_feed takes its power instead.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { kTransports, networkTo, Reader } from "./support/channel_clients.mjs";
import { HoppingPublisher, idOf, kEvents } from "./support/hopping_publisher.mjs";
import { randomFrom } from "./support/random.mjs";
import { loops, startServer } from "./support/server.mjs";
import { faultsOfStream } from "./support/stream_checker.mjs";
import { suite, until } from "./support/suite.mjs";

const test = suite("hopping");
const kChannel = "crossing";
const kPublishers = 4;
const kReaders = 6;
const death = process.env.DEATH ?? "SIGKILL";
const messages = Number(process.env.MESSAGES ?? 20_000);
const kills = messages > 100_000 ? 20 : 3;
const mostBetweenHops = Math.max(400, messages / 500);
// With one loop one seed is enough: what may go wrong between loops cannot.
const seeds = process.env.SEED ? [Number(process.env.SEED)] : process.env.MESSAGES || loops === 1 ? [1] : [1, 2, 3];
const limit = 60_000 + messages * 3;

const good = () => ({
  answered: new Map([["a", [1, 2, 3]], ["b", [11]]]), unanswered: new Set([4]), seen: [1, 11, 2, 4, 3],
});
const kFaults = [
  ["one loss", (log) => log.seen.splice(2, 1), ["2 was answered and is lost"]],
  ["one repeat", (log) => log.seen.push(3), ["3 came twice"]],
  ["one swap", (log) => ([log.seen[2], log.seen[4]] = [3, 2]), ["2 came behind a later one of a"]],
  ["one invented", (log) => log.seen.push(9), ["9 was never published"]],
  ["the unanswered twice", (log) => log.seen.push(4), ["4 came twice"]],
  ["the unanswered missing", (log) => log.seen.splice(3, 1), []],
];
test("the checker finds nothing in a good log", async () => assert.deepEqual(faultsOfStream(good()), []));
for (const [what, spoil, expected] of kFaults) {
  test(`the checker: ${what}`, async () => {
    const log = good();
    spoil(log);
    assert.deepEqual(faultsOfStream(log), expected);
  });
}

// A reader that goes on by another transport after some messages, in the middle of whatever brought them.
class HoppingReader {
  constructor(server, number, random) {
    this.random = random;
    this.seen = [];
    this.hops = 0;
    this.untilHop = random.between(1, mostBetweenHops);
    this.reader = new Reader(networkTo(server), kChannel, kTransports[number % kTransports.length], {
      limit: random.pick([7, 50, 300, 1000]), events: kEvents,
      socketIo: { transports: random.pick([["websocket"], ["polling"], ["polling", "websocket"]]) },
      onMessage: (message) => this.take(message),
      onState: (state) => state === "waiting" && random.below(2) && setTimeout(() => this.hop(), 50),
    });
    this.reader.client.start("first");
  }

  take(message) {
    this.reader.messages.length = 0; // the ids are enough
    this.seen.push(idOf(message));
    if (--this.untilHop > 0) return;
    this.untilHop = this.random.between(1, mostBetweenHops);
    this.hop();
  }

  hop() {
    const { client } = this.reader;
    if (client.state === "stopped") return;
    this.hops++;
    client.hop(this.random.pick(kTransports.filter((name) => name !== client.transport)));
  }

  // What it was told that it should not have been told.
  gaps() {
    return this.reader.notices.filter(({ recovered }) => recovered === false);
  }
}

// Kills the server each time when so many more are answered, and starts it again.
async function killAgainAndAgain(server, publishers) {
  const answered = () => publishers.reduce((sum, { answered: ids }) => sum + ids.length, 0);
  for (let i = 1; i <= kills; i++) {
    await until(() => answered() >= (messages * i) / (kills + 1), `kill ${i}`, limit);
    await server.stop(death);
    await server.start();
  }
}

for (const seed of seeds) {
  test(`${messages} messages, seed ${seed}`, async (context) => {
    const data = await mkdtemp(path.join(tmpdir(), "naru-hopping-"));
    context.after(() => rm(data, { recursive: true, force: true }));
    const server = await startServer("feed", ["--data", data, "--history", String(messages * 2)]);
    context.after(() => server.stop("SIGKILL"));
    const random = randomFrom(seed);
    const publishers = Array.from({ length: kPublishers }, (_, i) => new HoppingPublisher(server, kChannel, i + 1, randomFrom(random.below(2 ** 32)), messages / kPublishers));
    const readers = Array.from({ length: kReaders }, (_, i) => new HoppingReader(server, i, randomFrom(random.below(2 ** 32))));
    context.after(() => readers.forEach(({ reader }) => reader.client.stop()));
    await Promise.all([killAgainAndAgain(server, publishers), ...publishers.map((publisher) => publisher.run())]);
    const marker = new HoppingPublisher(server, kChannel, kPublishers + 1, random, 0);
    const last = marker.letter();
    assert.equal(await marker.body([last]), 1);
    await until(() => readers.every(({ seen }) => seen.at(-1) === last.id), "the last message for everybody", limit).catch((error) => {
      error.message += "\n" + readers.map(({ seen, reader: { client } }) => `${seen.length} seen, by ${client.transport}, ${client.state} at ${client.position}`).join("\n");
      throw error;
    });

    const answered = new Map([...publishers.map((publisher) => [publisher.name, publisher.answered]), [marker.name, [last.id]]]);
    const unanswered = new Set(publishers.flatMap((publisher) => [...publisher.unanswered]));
    for (const reader of readers) {
      assert.deepEqual(faultsOfStream({ answered, unanswered, seen: reader.seen }).slice(0, 10), []);
      assert.deepEqual(reader.gaps(), []);
      assert.ok(reader.seen.every((id, i) => id === readers[0].seen[i]), "one order for everybody");
      assert.ok(reader.hops > messages / mostBetweenHops / 2, `only ${reader.hops} hops`);
    }
  }, limit);
}

await test.run();
