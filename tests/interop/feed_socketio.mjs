// Channels through Socket.IO's namespace /channels, with the official client: follow, publish, read, gates, ends.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { ask, connectClient, kPolling, kWebSocket } from "./support/client.mjs";
import { FeedSocket, name, page, post, who } from "./support/feed_client.mjs";

const test = suite("feed_socketio", { profile: "feeds" });

async function client(context, options) {
  const socket = await connectClient(context, options, "/channels");
  socket.messages = [];
  socket.gaps = [];
  socket.ends = [];
  socket.on("message", (message) => socket.messages.push(message));
  socket.on("gap", (gap) => socket.gaps.push(gap));
  socket.on("end", (end) => socket.ends.push(end));
  socket.heard = async (count, ms = 10_000) => {
    await until(() => socket.messages.length >= count, `${count} messages, not ${socket.messages.length}`, ms);
    return socket.messages;
  };
  return socket;
}

for (const transports of [kPolling, kWebSocket]) {
  test(`follows a channel from now on, in order (${transports})`, async (context) => {
    const { server } = context;
    const channel = name();
    const socket = await client(context, { transports });
    await post(server, `/channels/${channel}`, 0);
    const start = await ask(socket, "follow", { channel });
    assert.deepEqual([Object.keys(start), start.recovered, start.missing], [["position", "recovered", "missing"], true, 0]);
    const posted = [];
    for (let n = 1; n <= 50; n++) posted.push(await post(server, `/channels/${channel}?event=count`, { n }));
    const messages = await socket.heard(50);
    messages.forEach((message, i) => assert.deepEqual(message, { channel, position: posted[i].position, event: "count", data: { n: i + 1 } }));
  });
}

test("comes back with a position, through another door too", async (context) => {
  const { server } = context;
  const channel = name();
  const first = await client(context, { transports: kWebSocket });
  await ask(first, "follow", { channel });
  await post(server, `/channels/${channel}`, 1);
  const [{ position }] = await first.heard(1);
  first.disconnect();
  for (let n = 2; n <= 20; n++) await post(server, `/channels/${channel}`, n);
  const second = await client(context, { transports: kPolling });
  await ask(second, "follow", { channel, since: position });
  const rest = (await second.heard(19)).map(({ data }) => data);
  assert.deepEqual(rest, Array.from({ length: 19 }, (_, i) => i + 2));
  const socket = await FeedSocket.open(context, `/channels/${channel}?since=${second.messages[9].position}`);
  await socket.heard(9);
  assert.deepEqual(socket.data(), rest.slice(10));
});

test("a position that is too old, or nobody's, is said to be so", async (context) => {
  const { server } = context;
  const channel = `small:${name()}`;
  const path = `/small/${channel.slice(6)}`;
  const posted = [];
  for (let n = 1; n <= 8; n++) posted.push(await post(server, path, n));
  const socket = await client(context);
  const late = await ask(socket, "follow", { channel, since: posted[0].position });
  assert.deepEqual([late.recovered, late.missing], [false, 2]);
  await socket.heard(5);
  assert.deepEqual(socket.messages.map(({ data }) => data), [4, 5, 6, 7, 8]);
  const other = await client(context);
  assert.deepEqual((await ask(other, "follow", { channel, since: "nonsense" })).missing, null);
  const first = await client(context);
  assert.equal((await ask(first, "follow", { channel, since: "first" })).recovered, true);
  await first.heard(5);
});

test("several channels at a time, each with its own position, until they are let go", async (context) => {
  const { server } = context;
  const [a, b] = [name("a"), name("b")];
  const socket = await client(context);
  await ask(socket, "follow", { channel: a });
  await ask(socket, "follow", { channel: b });
  await post(server, `/channels/${a}`, 1);
  await post(server, `/channels/${b}`, 2);
  await socket.heard(2);
  assert.deepEqual(new Set(socket.messages.map(({ channel, data }) => `${channel} ${data}`)), new Set([`${a} 1`, `${b} 2`]));
  assert.deepEqual(await ask(socket, "unfollow", { channel: a }), {});
  assert.deepEqual(await ask(socket, "unfollow", { channel: a }), { error: "this channel is not followed" });
  await post(server, `/channels/${a}`, 3);
  await post(server, `/channels/${b}`, 4);
  await socket.heard(3);
  assert.deepEqual(socket.messages[2].data, 4);
});

test("publishes and reads pages", async (context) => {
  const { server } = context;
  const channel = name();
  const [writer, reader] = [await client(context), await client(context)];
  await ask(reader, "follow", { channel });
  const first = await ask(writer, "publish", { channel, data: { x: [1, "€"] }, event: "move", key: "k", headers: { By: "me" }, idempotency_key: "one" });
  assert.deepEqual([typeof first.position, first.repeated], ["string", false]);
  assert.deepEqual(await ask(writer, "publish", { channel, data: 2, idempotency_key: "one" }), { position: first.position, repeated: true });
  await ask(writer, "publish", { channel, text: "plain" });
  const [one, two] = await reader.heard(2);
  assert.deepEqual(one, { channel, position: first.position, event: "move", key: "k", headers: { by: "me" }, data: { x: [1, "€"] } });
  assert.deepEqual([two.channel, two.text], [channel, "plain"]);
  const whole = await ask(reader, "history", { channel });
  assert.deepEqual(whole, await page(server, `/channels/${channel}`).then(({ status, ...rest }) => rest));
  const rest = await ask(reader, "history", { channel, since: first.position, limit: 1 });
  assert.deepEqual([rest.messages.map(({ text }) => text), rest.more, rest.recovered], [["plain"], false, true]);
});

test("a burst of publishes keeps its order", async (context) => {
  const channel = name();
  const [writer, reader] = [await client(context, { transports: kWebSocket }), await client(context, { transports: kPolling })];
  await ask(reader, "follow", { channel });
  const answers = Array.from({ length: 300 }, (_, n) => ask(writer, "publish", { channel, data: n }));
  await Promise.all(answers);
  const messages = await reader.heard(300);
  assert.deepEqual(messages.map(({ data }) => data), Array.from({ length: 300 }, (_, n) => n));
});

test("what cannot be done is answered with an error", async (context) => {
  const socket = await client(context);
  const channel = name();
  await ask(socket, "follow", { channel });
  const badName = "a channel's name has 1 to 256 bytes of UTF-8 without control characters";
  const cases = [
    ["follow", { channel }, "this channel is followed already"],
    ["follow", {}, badName],
    ["follow", "text", badName],
    ["follow", { channel: "a\n" }, badName],
    ["follow", { channel: "x".repeat(257) }, badName],
    ["follow", { channel: name(), since: 5 }, "since is a text: a position, first or last"],
    ["follow", { channel: name(), client: "a b" }, "client is at most 64 of A-Z, a-z, 0-9, _ and -"],
    ["follow", { channel: `small:${name()}@presence` }, "this channel is not served here"],
    ["history", { channel, limit: 0 }, "limit is a number from 1 to 1000"],
    ["history", { channel, limit: 1001 }, "limit is a number from 1 to 1000"],
    ["publish", { data: 1 }, "channel says where it is published"],
    ["publish", { channel }, "one of data, text and base64 says what is published"],
    ["publish", { channel, data: Buffer.from("x") }, "binary data is published as base64"],
    ["publish", { channel: `closed:${channel}`, data: 1 }, "nobody may publish here: the server has no gate that allows it"],
    ["publish", { channel: `limited:${channel}`, text: "x".repeat(1001) }, "a message has at most 1000 bytes"],
    ["unfollow", { channel: name() }, "this channel is not followed"],
  ];
  for (const [event, request, error] of cases) assert.deepEqual(await ask(socket, event, request), { error }, JSON.stringify(request));
  assert.deepEqual(await ask(socket, "follow"), { error: "bad arguments", event: "follow" });
});

test("limits: channels of a socket, messages a second", async (context) => {
  const socket = await client(context);
  for (let n = 0; n < 32; n++) assert.equal((await ask(socket, "follow", { channel: name() })).recovered, true);
  assert.deepEqual(await ask(socket, "follow", { channel: name() }), { error: "a socket follows at most 32 channels at a time" });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(socket, "publish", { channel: `limited:${name()}`, data: n })));
  assert.ok(answers.slice(0, 5).every(({ position }) => position));
  assert.ok(answers.some(({ error }) => error === "at most 5 messages a second"));
});

for (const kind of ["gated", "tasks", "later"]) {
  test(`a gate decides who follows, reads and publishes (${kind})`, async (context) => {
    const channel = `${kind}:${name()}`;
    const [nobody, ann, writer] = await Promise.all([undefined, "ann", "writer"].map((user) => client(context, user && { auth: { user } })));
    for (const [event, request] of [["follow", {}], ["history", {}], ["publish", { data: 1 }]]) {
      assert.deepEqual(await ask(nobody, event, { channel, ...request }), { error: "who are you?", data: "name yourself" });
    }
    await ask(ann, "follow", { channel });
    assert.deepEqual(await ask(ann, "publish", { channel, data: 1 }), { error: "only writers write" });
    await Promise.all(Array.from({ length: 50 }, (_, n) => ask(writer, "publish", { channel, data: n })));
    assert.deepEqual((await ann.heard(50)).map(({ data }) => data), Array.from({ length: 50 }, (_, n) => n));
    if (kind === "gated") assert.deepEqual(await ask(ann, "follow", { channel: "gated:secret" }), { error: "not for you" });
  });
}

test("a socket that goes while its gate is asked is forgotten", async (context) => {
  const channel = `later:${name()}`;
  for (let n = 0; n < 20; n++) {
    const socket = await client(context, { auth: { user: "ann" }, transports: kWebSocket });
    socket.emit("follow", { channel }, () => {});
    socket.disconnect();
  }
  const socket = await client(context, { auth: { user: "ann" } });
  assert.equal((await ask(socket, "follow", { channel })).recovered, true);
});

test("an identity is disconnected: what it follows ends, with the position to come back with", async (context) => {
  const { server } = context;
  const [channel, user] = [`gated:${name()}`, name("u")];
  const socket = await client(context, { auth: { user } });
  const other = await client(context, { auth: { user: "writer" } });
  await ask(socket, "follow", { channel });
  await ask(other, "follow", { channel });
  const { position } = await ask(other, "publish", { channel, data: 1 });
  await socket.heard(1);
  await fetch(`${server.url}/disconnect/${user}`, { method: "POST" });
  await until(() => socket.ends.length === 1, "the end");
  assert.deepEqual(socket.ends, [{ channel, position, reason: "disconnected by the server" }]);
  await ask(other, "publish", { channel, data: 2 });
  await other.heard(2);
  assert.deepEqual([socket.messages.length, other.ends], [1, []]);
  const again = await ask(socket, "follow", { channel, since: position });
  assert.equal(again.recovered, true);
  await socket.heard(2);
});

test("a verdict's time ends what it let in", async (context) => {
  const channel = `gated:${name()}`;
  const socket = await client(context, { auth: { user: "ann" }, query: { until: 500 } });
  await ask(socket, "follow", { channel });
  await until(() => socket.ends.length === 1, "the end");
  assert.deepEqual([socket.ends[0].channel, socket.ends[0].reason, socket.connected], [channel, "your time here is over", true]);
});

test("who follows: as client or as socket, together with the other doors; and the stream of it", async (context) => {
  const { server } = context;
  const channel = name();
  const watcher = await client(context);
  await ask(watcher, "follow", { channel: `${channel}@presence` });
  const socket = await client(context);
  await ask(socket, "follow", { channel });
  const tab = await client(context);
  await ask(tab, "follow", { channel, client: "tab-1" });
  await FeedSocket.open(context, `/channels/${channel}?client=tab-1`);
  const now = await who(server, `/channels/${channel}`);
  assert.deepEqual(now.followers.map(({ id, connections }) => [id, connections]), [[socket.id, 1], ["tab-1", 2]]);
  await watcher.heard(2);
  assert.deepEqual(watcher.messages.map(({ event, data }) => [event, data.id]), [["join", socket.id], ["join", "tab-1"]]);
  socket.disconnect();
  await watcher.heard(3);
  assert.deepEqual([watcher.messages[2].event, watcher.messages[2].data], ["leave", watcher.messages[0].data]);
  await ask(tab, "unfollow", { channel });
  assert.equal((await who(server, `/channels/${channel}`)).count, 1);
});

// Far more than kernels keep for a paused connection: 46 MB.
test("one that reads slowly gets everything that is kept, and never more than it can take", async (context) => {
  const { server } = context;
  const channel = name();
  const socket = await client(context, { transports: kWebSocket });
  await ask(socket, "follow", { channel });
  const raw = socket.io.engine.transport.ws._socket;
  raw.pause();
  const body = Array.from({ length: 40 }, () => JSON.stringify({ text: "x".repeat(9_900) })).join("\n");
  for (let n = 0; n < 115; n++) await post(server, `/channels/${channel}`, body, { headers: { "content-type": "application/x-ndjson" } });
  raw.resume();
  const { position } = await ask(await client(context), "publish", { channel, data: "last" });
  await until(() => socket.messages.at(-1)?.position === position, "the last one", 20_000);
  const missing = socket.gaps.reduce((sum, gap) => sum + gap.missing, 0);
  assert.equal(socket.messages.length + missing, 4601, "every message was given or counted as missing");
  assert.ok(socket.gaps.length >= 1);
}, 40_000);

await test.run();
