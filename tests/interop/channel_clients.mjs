// The channel clients of web/source/channel against every door, with npm's eventsource, ws and socket.io-client: each
// gives the same messages with the same positions, so that any of them goes on where another one was.
import assert from "node:assert/strict";
import { kTransports, networkTo, Reader } from "./support/channel_clients.mjs";
import { request } from "./support/http.mjs";
import { suite, until } from "./support/suite.mjs";

const test = suite("channel clients", { profile: "feed" });
const kKinds = [
  ["application/json", '{"a": [1, 2],\n "b": "한"}', ({ data }) => assert.deepEqual(data, { a: [1, 2], b: "한" })],
  ["text/plain", "two\nlines, data: 한\r\n", ({ text }) => assert.equal(text, "two\nlines, data: 한\r\n")],
  ["image/x-dot", Buffer.from([0, 10, 13, 255]), ({ base64, type }) => assert.deepEqual([base64, type], ["AAoN/w==", "image/x-dot"])],
];
const kWaitMs = 15_000;
let channels = 0;
const freshChannel = () => `clients-${channels++}`;

async function publish({ server }, channel, body, type = "application/json", headers = {}) {
  const answer = await request(server, `/channels/${channel}`, { method: "POST", body, headers: { "content-type": type, ...headers } });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body).position;
}

async function publishNumbers(context, channel, from, to) {
  const lines = Array.from({ length: to - from }, (_, i) => JSON.stringify({ data: from + i }) + "\n").join("");
  const answer = await request(context.server, `/channels/${channel}`, { method: "POST", body: lines, headers: { "content-type": "application/x-ndjson" } });
  assert.equal(answer.status, 200, answer.body);
}

function reader(context, channel, transport, options) {
  const one = new Reader(networkTo(context.server), channel, transport, options);
  context.after(() => one.client.stop());
  return one;
}
const numbers = ({ messages }) => messages.map(({ data }) => data);
const upTo = (count) => Array.from({ length: count }, (_, i) => i);
const has = (one, count) => until(() => one.messages.length >= count, `${count} messages by ${one.client.transport}`, kWaitMs);
const stands = (one) => until(() => one.client.state === "open", `${one.client.transport} follows`, kWaitMs);

for (const transport of kTransports) {
  test(`${transport}: every kind of data, from the first`, async (context) => {
    const channel = freshChannel();
    const positions = [];
    for (const [type, body] of kKinds) positions.push(await publish(context, channel, body, type));
    positions.push(await publish(context, channel, "1", "application/json", { "naru-event": "goal", "naru-key": "k", "naru-header-team": "blue" }));
    const one = reader(context, channel, transport, { events: ["goal"] });
    one.client.start("first");
    await has(one, positions.length);
    assert.deepEqual(one.messages.map(({ position }) => position), positions);
    kKinds.forEach(([, , check], i) => check(one.messages[i]));
    const { data, event, key, headers } = one.messages.at(-1);
    assert.deepEqual({ data, event, key, headers }, { data: 1, event: "goal", key: "k", headers: { team: "blue" } });
    assert.equal(one.client.position, positions.at(-1));
  });

  test(`${transport}: from now, and a stop is a stop`, async (context) => {
    const channel = freshChannel();
    await publishNumbers(context, channel, 0, 3);
    const one = reader(context, channel, transport);
    one.client.start("last");
    await stands(one);
    await publish(context, channel, "3");
    await has(one, 1);
    one.client.stop();
    await publish(context, channel, "4");
    const other = reader(context, channel, "websocket");
    other.client.start(one.client.position);
    await has(other, 1);
    assert.deepEqual([numbers(one), numbers(other)], [[3], [4]]);
    assert.equal(one.client.traffic.held, 0);
  });

  test(`${transport}: an unknown position is answered with a gap, from the oldest kept`, async (context) => {
    const channel = freshChannel();
    await publishNumbers(context, channel, 0, 3);
    const one = reader(context, channel, transport);
    one.client.start("nobody-has-given-this");
    await has(one, 3);
    assert.deepEqual(numbers(one), [0, 1, 2]);
    assert.equal(one.notices.some(({ recovered }) => recovered === false), true);
  });

  test(`${transport}: a network that is cut and mended`, async (context) => {
    const channel = freshChannel();
    const one = reader(context, channel, transport);
    one.client.start("first");
    await stands(one);
    await publishNumbers(context, channel, 0, 10);
    await has(one, 10);
    one.client.network.cut();
    assert.equal(one.client.traffic.held, 0);
    await publishNumbers(context, channel, 10, 20);
    assert.equal(one.messages.length, 10);
    one.client.network.mend();
    await has(one, 20);
    assert.deepEqual(numbers(one), upTo(20));
    const { requests, overheadIn, overheadOut, payloadIn, messages } = one.client.traffic;
    assert.equal(messages, 20);
    assert.ok(requests >= 2 && overheadIn > 0 && overheadOut > 0 && payloadIn >= 20 * '{"position":"","data":1}'.length);
  });
}

test("from each transport to each other one, in mid-stream", async (context) => {
  const channel = freshChannel();
  const kEach = 7;
  const ways = kTransports.flatMap((from) => kTransports.filter((to) => to !== from).flatMap((to) => [from, to]));
  const one = reader(context, channel, ways[0], {
    onMessage: () => one.messages.length % kEach === 0 && one.client.hop(ways[(one.messages.length / kEach) % ways.length]),
  });
  one.client.start("first");
  const count = kEach * ways.length;
  for (let i = 0; i < count; i += 30) await publishNumbers(context, channel, i, Math.min(count, i + 30));
  await has(one, count);
  assert.deepEqual(numbers(one), upTo(count));
  assert.deepEqual(one.notices.filter(({ recovered }) => recovered === false), []);
}, 60_000);

await test.run();
