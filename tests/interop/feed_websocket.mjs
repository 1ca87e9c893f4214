// Channels over WebSockets, with npm's ws: notices, messages, resuming, publishing, gates, ends.
import assert from "node:assert/strict";
import net from "node:net";
import { suite, until } from "./support/suite.mjs";
import { FeedSocket, name, page, post, who } from "./support/feed_client.mjs";

const test = suite("feed_websocket", { profile: "feeds" });
const kPosition = /^[A-Za-z0-9_.-]{1,64}$/;

test("begins with where it stands, also in a channel that nobody has published to", async (context) => {
  const socket = await FeedSocket.open(context, `/channels/${name()}`);
  const [start] = socket.frames;
  assert.deepEqual(Object.keys(start), ["notice", "position", "recovered", "missing"]);
  assert.match(start.position, kPosition);
  assert.deepEqual([start.recovered, start.missing], [true, 0]);
});

test("messages of every kind, in order, each with its position", async (context) => {
  const { server } = context;
  const path = `/channels/${name()}`;
  const socket = await FeedSocket.open(context, path);
  const posted = [
    await post(server, `${path}?event=goal&key=k`, { n: 1 }, { headers: { "naru-header-trace": "41" } }),
    await post(server, path, "žluť\nzwei", { headers: { "content-type": "text/plain" } }),
    await post(server, path, "ab", { headers: { "content-type": "application/x-thing" } }),
  ];
  assert.deepEqual(posted.map(({ status }) => status), [201, 201, 201]);
  const [json, text, binary] = await socket.heard(3);
  assert.deepEqual(json, { position: posted[0].position, event: "goal", key: "k", headers: { trace: "41" }, data: { n: 1 } });
  assert.deepEqual(text, { position: posted[1].position, text: "žluť\nzwei" });
  assert.deepEqual(binary, { position: posted[2].position, type: "application/x-thing", base64: "YWI=" });
});

test("comes back with a position and misses nothing", async (context) => {
  const { server } = context;
  const path = `/channels/${name()}`;
  const first = await FeedSocket.open(context, path);
  await post(server, path, 1);
  const [{ position }] = await first.heard(1);
  first.raw.terminate();
  for (let n = 2; n <= 150; n++) await post(server, path, n);
  const second = await FeedSocket.open(context, `${path}?since=${position}`);
  await second.heard(149);
  assert.deepEqual(second.data(), Array.from({ length: 149 }, (_, i) => i + 2));
  assert.deepEqual([second.frames[0].recovered, second.frames[0].missing], [true, 0]);
});

test("since=first gives what is kept, since=last nothing, a foreign position says so", async (context) => {
  const { server } = context;
  const path = `/small/${name()}`;
  const posted = [];
  for (let n = 1; n <= 8; n++) posted.push(await post(server, path, n));
  const first = await FeedSocket.open(context, `${path}?since=first`);
  await first.heard(5);
  assert.deepEqual(first.data(), [4, 5, 6, 7, 8]);
  assert.equal(first.frames[0].recovered, true);
  const late = await FeedSocket.open(context, `${path}?since=${posted[0].position}`);
  await late.heard(5);
  assert.deepEqual([late.frames[0].recovered, late.frames[0].missing, late.data()], [false, 2, [4, 5, 6, 7, 8]]);
  const foreign = await FeedSocket.open(context, `${path}?since=nonsense`);
  await foreign.heard(5);
  assert.deepEqual([foreign.frames[0].recovered, foreign.frames[0].missing], [false, null]);
  const last = await FeedSocket.open(context, `${path}?since=last`);
  await post(server, path, 9);
  await last.heard(1);
  assert.deepEqual(last.data(), [9]);
});

test("several channels: one position that holds all of them", async (context) => {
  const { server } = context;
  const [a, b] = [name("a"), name("b,")];
  const path = `/channels?channels=${a},${encodeURIComponent(b)}`;
  const socket = await FeedSocket.open(context, path);
  await post(server, `/channels/${a}`, 1);
  await post(server, `/channels/${encodeURIComponent(b)}`, 2);
  await post(server, `/channels/${a}`, 3);
  const messages = await socket.heard(3);
  assert.deepEqual(messages.filter(({ channel }) => channel === a).map(({ data }) => data), [1, 3]);
  assert.deepEqual(messages.filter(({ channel }) => channel === b).map(({ data }) => data), [2]);
  for (const { position } of messages) assert.match(position, /^[A-Za-z0-9_.-]+~[A-Za-z0-9_.-]+$/);
  const again = await FeedSocket.open(context, `${path}&since=${messages[0].position}`);
  await again.heard(2);
  assert.deepEqual(new Set(again.data()), new Set(messages.slice(1).map(({ data }) => data)));
  // A page with the same list goes on where the WebSocket was.
  const rest = await page(server, `${path}&since=${messages[1].position}`);
  assert.deepEqual(rest.messages.map(({ data }) => data), [messages[2].data]);
});

test("publishes, and answers with the position that everybody sees", async (context) => {
  const path = `/channels/${name()}`;
  const [writer, reader] = [await FeedSocket.open(context, path), await FeedSocket.open(context, path)];
  const first = await writer.publish({ data: { x: [1] }, event: "move", key: "p1", headers: { By: "me" }, idempotency_key: "one" });
  assert.deepEqual(Object.keys(first), ["published", "id"]);
  const again = await writer.publish({ data: { x: [2] }, idempotency_key: "one" });
  assert.deepEqual(again.published, { position: first.published.position, repeated: true });
  await writer.publish({ text: "plain" });
  await writer.publish({ base64: "AAE=", type: "image/png" });
  const expected = [
    { position: first.published.position, event: "move", key: "p1", headers: { by: "me" }, data: { x: [1] } },
    { text: "plain" },
    { type: "image/png", base64: "AAE=" },
  ];
  for (const socket of [reader, writer]) {
    const messages = await socket.heard(3);
    expected.forEach((one, i) => assert.deepEqual(messages[i], { position: messages[i].position, ...one }));
  }
});

test("a burst of publishes keeps its order", async (context) => {
  const path = `/channels/${name()}`;
  const socket = await FeedSocket.open(context, path);
  for (let n = 0; n < 500; n++) socket.raw.send(JSON.stringify({ publish: { data: n }, id: n }));
  await socket.heard(500);
  assert.deepEqual(socket.data(), Array.from({ length: 500 }, (_, n) => n));
  await until(() => socket.frames.filter((frame) => frame.published).length === 500, "500 answers");
});

test("what is wrong with a publish is answered, and the connection stays", async (context) => {
  const several = await FeedSocket.open(context, `/channels?channels=${name()},${name()}`);
  const cases = [
    [{ data: 1 }, "channel says which of the channels is meant"],
    [{ channel: name(), data: 1 }, "this connection has no channel of that name"],
    [{}, "one of data, text and base64 says what is published"],
    [{ data: 1, text: "" }, "one of data, text and base64 says what is published"],
    [{ data: 1, event: 5 }, "event is a text"],
    ["text", "a publish is an object"],
  ];
  for (const [publish, error] of cases) {
    const answer = await several.publish(publish);
    if (publish !== "text") assert.equal(answer.error, error);
    assert.ok(answer.error, JSON.stringify(publish));
  }
  const limited = await FeedSocket.open(context, `/limited/${name()}`);
  assert.equal((await limited.publish({ text: "x".repeat(1001) })).error, "a message has at most 1000 bytes");
  assert.ok((await limited.publish({ text: "x".repeat(1000) })).published);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => limited.publish({ data: n })));
  assert.ok(answers.some(({ error }) => error === "at most 5 messages a second"));
  const closed = await FeedSocket.open(context, `/closed/${name()}`);
  assert.match((await closed.publish({ data: 1 })).error, /^nobody may publish here/);
});

test("a frame that is nothing ends the connection, with a reason", async (context) => {
  const frames = [
    ["not JSON", 1007, "a frame is one JSON object"],
    ["[1]", 1007, "a frame is an object with `publish`"],
    ['{"publish":{"data":1}', 1007, "a frame is one JSON object"],
    [Buffer.from("{}"), 1003, "frames are text here, binary data base64"],
  ];
  for (const [frame, code, reason] of frames) {
    const socket = await FeedSocket.open(context, `/channels/${name()}`);
    socket.raw.send(frame);
    assert.deepEqual(await socket.end(), { code, reason });
  }
  const large = await FeedSocket.open(context, `/limited/${name()}`);
  large.raw.send("x".repeat(40_000));
  assert.equal((await large.end()).code, 1009);
});

test("a request that is none is refused in the words of all doors", async (context) => {
  const cases = [
    ["/channels/c?limit=0", {}, 400],
    ["/channels?channels=", {}, 400],
    ["/limited?channels=a,b,c", {}, 400],
    ["/gated/c", {}, 403],
    ["/gated/secret?user=ann", {}, 403],
    ["/channels/staff@presence@presence", {}, 400],
    ["/closed/c", { origin: "https://elsewhere.example" }, 403],
  ];
  for (const [path, options, status] of cases) {
    const answer = await new FeedSocket(context, path, options).refused;
    assert.equal(answer.status, status, path);
    assert.equal(typeof answer.body.error, "string", path);
  }
  const gated = await new FeedSocket(context, "/gated/c").refused;
  assert.deepEqual(gated.body, { error: "who are you?", data: "name yourself" });
});

for (const kind of ["gated", "tasks", "later"]) {
  test(`a gate decides who follows and who publishes (${kind})`, async (context) => {
    const path = `/${kind}/${name()}`;
    const reader = await FeedSocket.open(context, `${path}?user=ann`);
    const writer = await FeedSocket.open(context, `${path}?user=writer`);
    assert.equal((await reader.publish({ data: 1 })).error, "only writers write");
    // While the gate is asked about the first one the others wait, in order.
    for (let n = 0; n < 50; n++) writer.raw.send(JSON.stringify({ publish: { data: n } }));
    await reader.heard(50);
    assert.deepEqual(reader.data(), Array.from({ length: 50 }, (_, n) => n));
    assert.equal((await new FeedSocket(context, path).refused).status, 403);
  });
}

test("a feed with a longer prefix is not read through a shorter one's address", async (context) => {
  const refused = await new FeedSocket(context, `/channels/${encodeURIComponent("gated:c")}`).refused;
  assert.deepEqual([refused.status, refused.body], [403, { error: "this channel is not served here" }]);
});

test("a verdict ends: a notice with the position, then 1008", async (context) => {
  const { server } = context;
  const channel = name();
  const socket = await FeedSocket.open(context, `/gated/${channel}?user=ann&until=300`);
  await post(server, `/gated/${channel}?user=writer`, 1);
  assert.deepEqual(await socket.end(), { code: 1008, reason: "your time here is over" });
  const [end] = socket.notices("end");
  assert.deepEqual(socket.frames.at(-1), end);
  const last = socket.messages.at(-1) ?? socket.frames[0]; // on a busy machine the time may be over before the message comes
  assert.deepEqual([end.reason, end.position], ["your time here is over", last.position]);
});

test("an identity is disconnected wherever it is, and nobody else", async (context) => {
  const { server } = context;
  const [channel, user] = [name(), name("u")];
  const own = await Promise.all([1, 2, 3, 4].map(() => FeedSocket.open(context, `/gated/${channel}?user=${user}`)));
  const other = await FeedSocket.open(context, `/gated/${channel}?user=writer`);
  await fetch(`${server.url}/disconnect/${user}`, { method: "POST" });
  for (const socket of own) assert.deepEqual(await socket.end(), { code: 1008, reason: "disconnected by the server" });
  await other.publish({ data: 1 });
  await other.heard(1);
});

test("who follows: by identity, by client, by connection; and the stream of it", async (context) => {
  const { server } = context;
  const [open, gated] = [name(), name()];
  const stream = await FeedSocket.open(context, `/channels/${open}@presence`);
  const tab = await FeedSocket.open(context, `/channels/${open}?client=tab-1`);
  const nameless = await FeedSocket.open(context, `/channels/${open}`);
  const now = await who(server, `/channels/${open}`);
  assert.equal(now.count, 2);
  assert.deepEqual(now.followers.map(({ id }) => id).includes("tab-1"), true);
  await stream.heard(2);
  assert.deepEqual(stream.messages.map(({ event }) => event), ["join", "join"]);
  assert.equal(now.position, stream.messages[1].position);
  tab.raw.terminate();
  nameless.raw.terminate();
  await stream.heard(4);
  assert.deepEqual(stream.messages.slice(2).map(({ event }) => event), ["leave", "leave"]);
  await until(async () => (await who(server, `/channels/${open}`)).count === 0, "nobody");
  // The same identity twice is one follower.
  await FeedSocket.open(context, `/gated/${gated}?user=ann`);
  await FeedSocket.open(context, `/gated/${gated}?user=ann`);
  const answer = await page(server, `/gated/${gated}?who&user=bob`);
  assert.deepEqual(answer.followers.map(({ id, identity, connections }) => [id, identity, connections]), [["ann", "ann", 2]]);
});

test("nobody publishes who is present", async (context) => {
  const channel = name();
  const socket = await FeedSocket.open(context, `/channels/${channel}@presence`);
  assert.match((await socket.publish({ data: 1 })).error, /nobody but the server publishes/);
});

test("permessage-deflate, where both sides want it", async (context) => {
  const path = `/deflate/${name()}`;
  const socket = await FeedSocket.open(context, path);
  assert.match(socket.raw.extensions, /permessage-deflate/);
  const plain = await FeedSocket.open(context, path, { perMessageDeflate: false });
  await socket.publish({ text: "x".repeat(5000) });
  for (const one of [socket, plain]) assert.equal((await one.heard(1))[0].text.length, 5000);
});

test("a peer that answers no ping is cut off", async (context) => {
  const { server } = context;
  const raw = net.connect(new URL(server.url).port, "localhost");
  context.after(() => raw.destroy());
  raw.write(`GET /quick/${name()} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  let ended = false;
  raw.on("data", () => {}).on("error", () => {}).on("close", () => (ended = true));
  await until(() => ended, "the end of the silent one");
});

// A channel that a paused socket's connection cannot hold, however large its kernel's buffers: 46 MB.
async function flood(server, path, count = 115) {
  const body = Array.from({ length: 40 }, () => JSON.stringify({ text: "x".repeat(9_900), key: "k" })).join("\n");
  for (let n = 0; n < count; n++) await post(server, path, body, { headers: { "content-type": "application/x-ndjson" } });
}

test("a slow reader is closed with its position where the channel says so", async (context) => {
  const { server } = context;
  const path = `/strict/${name()}`;
  const socket = await FeedSocket.open(context, path);
  socket.raw._socket.pause();
  await flood(server, path);
  socket.raw._socket.resume();
  assert.deepEqual(await socket.end(), { code: 1008, reason: "you read more slowly than the channel grows" });
  const [end] = socket.notices("end");
  assert.equal(end.position, socket.messages.at(-1).position);
}, 40_000);

test("a slow reader is told of a gap, and goes on", async (context) => {
  const { server } = context;
  const path = `/channels/${name()}`;
  const socket = await FeedSocket.open(context, path);
  socket.raw._socket.pause();
  await flood(server, path);
  socket.raw._socket.resume();
  const { position } = await post(server, path, '"the last"');
  await until(() => socket.messages.at(-1)?.position === position, "the last one", 20_000);
  const gaps = socket.notices("gap");
  assert.ok(gaps.length >= 1 && gaps.every(({ recovered }) => recovered === false));
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  assert.equal(socket.messages.length + missing, 4601, "every message was given or counted as missing");
}, 40_000);

test("a stop says goodbye: a notice, then 1001", async (context) => {
  const { server } = context;
  const socket = await FeedSocket.open(context, `/channels/${name()}`);
  await server.stop();
  assert.deepEqual(await socket.end(), { code: 1001, reason: "the server stops" });
  assert.equal(socket.frames.at(-1).notice, "end");
  await server.start();
});

await test.run();
