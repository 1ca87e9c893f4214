// Who follows a channel: the snapshot, the stream of changes, and that the two never disagree.
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";
import { newChannel, openStream, page, path } from "./support/channels.mjs";
import { request } from "./support/http.mjs";
import { randomFrom } from "./support/random.mjs";
import { startServer } from "./support/server.mjs";
import { suite, until } from "./support/suite.mjs";

const kLongGrace = ["--presence", "--grace", "15", "--history", "10000"];
const kShortGrace = ["--presence", "--grace", "0.2", "--history", "10000"];
const test = suite("feed_presence", { profile: "feed", args: kLongGrace });

async function own(context, args) {
  const server = await startServer("feed", args);
  context.after(() => server.stop());
  return server;
}

async function who(server, channel) {
  const answer = await request(server, path(channel, "who"));
  assert.equal(answer.status, 200, answer.body);
  return JSON.parse(answer.body);
}

// All changes from the first on.
async function changesOf(server, channel) {
  const changes = [];
  for (let since = "first"; ;) {
    const { messages, position, more, recovered } = await page(server, `${channel}@presence`, `limit=1000&since=${since}`);
    assert.equal(recovered, true);
    changes.push(...messages);
    if (!more) return changes;
    since = position;
  }
}

const told = (changes) => changes.map(({ event, data }) => `${event} ${data.id}`);

// Who is there after each change, by its position; the texts of positions are compared, never read.
function replay(changes) {
  const present = new Set();
  return changes.map(({ event, data, position }) => {
    assert.equal(present.has(data.id), event === "leave", `${event} of ${data.id} at ${position}`);
    if (event === "join") present.add(data.id);
    else present.delete(data.id);
    return { position, ids: [...present].sort() };
  });
}

test("what comes behind a snapshot's position is exactly what changed after it", async (context) => {
  const server = await own(context, kShortGrace);
  const channel = newChannel();
  const random = randomFrom(7);
  const snapshots = [];
  const poller = async (id) => {
    for (let n = 0; n < 25; n++) {
      await page(server, channel, `wait=${random.pick([0, 0, 0, 1])}&client=${id}`);
      if (random.below(6) === 0) await new Promise((resolve) => setTimeout(resolve, 400));
    }
  };
  const streamer = async (id) => {
    for (let n = 0; n < 15; n++) {
      const stream = await openStream({ server }, path(channel, `as=${random.pick(["sse", "ndjson"])}&client=${id}`));
      await new Promise((resolve) => setTimeout(resolve, random.pick([0, 50, 400])));
      stream.close();
    }
  };
  const watcher = async () => {
    for (let n = 0; n < 60; n++) {
      snapshots.push(await who(server, channel));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  // Two streams share an id, and so do a stream and a poller.
  await Promise.all([...["a", "b", "c", "d", "e"].map(poller), ...["e", "f", "g", "g"].map(streamer), watcher()]);
  await until(async () => (await who(server, channel)).count === 0, "all have left", 10_000);
  snapshots.push(await who(server, channel));

  const story = replay(await changesOf(server, channel));
  assert.ok(story.length >= 14, "each has come and gone");
  assert.equal(snapshots.at(-1).position, story.at(-1).position);
  for (const { followers, position, count } of snapshots) {
    const there = story.find((moment) => moment.position === position)?.ids ?? [];
    assert.deepEqual(followers.map(({ id }) => id).sort(), there, `at ${position}`);
    assert.equal(count, there.length);
  }
}, 60_000);

test("a change of doors, a reload and the gap between two polls are no leave", async (context) => {
  const { server } = context;
  const channel = newChannel();
  const stream = await openStream(context, path(channel, "as=sse&client=ann"));
  await stream.next();
  stream.close();
  const socket = new WebSocket(`ws://localhost:${server.port}${path(channel, "client=ann")}`);
  context.after(() => socket.terminate());
  await once(socket, "message");
  socket.terminate();
  for (let poll = 0; poll < 3; poll++) await page(server, channel, "wait=0&client=ann");
  await until(async () => (await who(server, channel)).followers[0].connections === 0, "she is away");
  const again = await openStream(context, path(channel, "as=ndjson&client=ann"));
  await again.next();
  // Whatever was told of her was told before this.
  await page(server, channel, "client=bob");
  assert.deepEqual(told(await changesOf(server, channel)), ["join ann", "join bob"]);
  const { followers, count } = await who(server, channel);
  assert.deepEqual(followers.map(({ since, ...rest }) => rest), [{ id: "ann", connections: 1 }, { id: "bob", connections: 0 }]);
  assert.equal(count, 2);
  assert.ok(Math.abs(followers[0].since - Date.now()) < 60_000, "milliseconds since 1970");
});

test("who says nothing is seen on a stream, by its connection, and not by a poll", async (context) => {
  const { server } = context;
  const channel = newChannel();
  await page(server, channel);
  assert.equal((await who(server, channel)).count, 0);
  const streams = [await openStream(context, path(channel, "as=sse")), await openStream(context, path(channel, "as=sse"))];
  for (const stream of streams) await stream.next();
  const { followers } = await who(server, channel);
  assert.equal(new Set(followers.map(({ id }) => id)).size, 2);
});

test("after a restart nobody is there, and an old position is not recovered", async (context) => {
  const server = await own(context, kLongGrace);
  const channel = newChannel();
  await page(server, channel, "client=ann");
  const { position } = await who(server, channel);
  await server.stop();
  await server.start();
  const after = await who(server, channel);
  assert.deepEqual([after.count, after.followers], [0, []]);
  assert.notEqual(after.position, position);
  const changes = await page(server, `${channel}@presence`, `since=${position}`);
  assert.deepEqual([changes.recovered, changes.messages], [false, []]);
  assert.equal((await page(server, `${channel}@presence`, `since=${after.position}`)).recovered, true);
});

await test.run();
