// Channels over HTTP: pages, polls, several channels, publishing, and what is refused.
import assert from "node:assert/strict";
import http from "node:http";
import { rawExchange, request } from "./support/http.mjs";
import { suite, until } from "./support/suite.mjs";
import { startServer } from "./support/server.mjs";
import { dataOf, newChannel, openStream, page, path, publish } from "./support/channels.mjs";

const test = suite("feed_doors", { profile: "feed", args: ["--presence", "--grace", "0.3", "--history", "1000"] });

const text = (server, channel, body, headers = {}) =>
  request(server, path(channel), { method: "POST", body, headers });
const errorOf = ({ body }) => JSON.parse(body).error;

test("a message is shown as it was published, by its type", async ({ server }) => {
  const channel = newChannel();
  await publish(server, channel, { n: 1 }, { headers: { "Naru-Event": "goal", "Naru-Key": "k", "Naru-Header-Trace": "7" } });
  await text(server, channel, "grüße", { "Content-Type": "text/plain" });
  await text(server, channel, Buffer.from([0, 255]), { "Content-Type": "image/png" });
  const { messages, position, ...rest } = await page(server, channel);
  assert.deepEqual(messages.map(({ position, ...message }) => message), [
    { event: "goal", key: "k", headers: { trace: "7" }, data: { n: 1 } },
    { text: "grüße" },
    { type: "image/png", base64: "AP8=" },
  ]);
  assert.equal(messages[2].position, position);
  assert.deepEqual(rest, { more: false, recovered: true, missing: 0, etag: `"${position}"`, caching: "no-store" });
});

test("pages go on from a position, and a full one may be kept for ever", async ({ server }) => {
  const channel = newChannel();
  for (let n = 1; n <= 5; n++) await publish(server, channel, n);
  const first = await page(server, channel, "limit=2");
  assert.deepEqual([dataOf(first), first.more, first.caching], [[1, 2], true, "no-store"]);
  const second = await page(server, channel, `limit=2&since=${first.position}`);
  assert.deepEqual([dataOf(second), second.more], [[3, 4], true]);
  assert.equal(second.caching, "public, max-age=3600, immutable");
  const last = await page(server, channel, `limit=2&since=${second.position}`);
  assert.deepEqual([dataOf(last), last.more, last.caching], [[5], false, "no-store"]);
  // Full, but there will be more.
  const newest = await page(server, channel, `limit=1&since=${second.position}`);
  assert.deepEqual([dataOf(newest), newest.more, newest.caching], [[5], false, "no-store"]);
  assert.deepEqual(dataOf(await page(server, channel, "since=last")), []);
  const foreign = await page(server, channel, "since=eAAAAAAAAAAAAAAAA.3");
  assert.deepEqual([dataOf(foreign), foreign.recovered, foreign.missing], [[1, 2, 3, 4, 5], false, null]);
});

test("304 while there is nothing new", async ({ server }) => {
  const channel = newChannel();
  await publish(server, channel, 1);
  const { position, etag } = await page(server, channel);
  const ask = (query, headers) => request(server, path(channel, query), { headers });
  const same = await ask("", { "If-None-Match": etag });
  assert.deepEqual([same.status, same.body, same.headers.etag, same.headers.vary], [304, "", etag, "Accept"]);
  assert.equal((await ask("", { "If-None-Match": `W/${etag}` })).status, 304);
  assert.equal((await ask("since=first", { "If-None-Match": etag })).status, 304);
  assert.equal((await ask("wait=1", { "If-None-Match": etag })).status, 304);
  assert.equal((await ask("", { "If-None-Match": '"x", "y"' })).status, 200);
  await publish(server, channel, 2);
  const news = await ask("", { "If-None-Match": etag });
  assert.deepEqual([news.status, dataOf(JSON.parse(news.body))], [200, [2]]);
  assert.deepEqual(dataOf(await page(server, channel, `since=${position}`)), [2]);
});

test("a long poll is answered by the next message", async ({ server }) => {
  const channel = newChannel();
  const { position } = await publish(server, channel, 1);
  const poll = page(server, channel, `wait=20&since=${position}`);
  await publish(server, channel, 2);
  const answer = await poll;
  assert.deepEqual(dataOf(answer), [2]);
  // Behind it nothing comes: the same position, when its time is over.
  const empty = await page(server, channel, `wait=1&since=${answer.position}`);
  assert.deepEqual([dataOf(empty), empty.position, empty.recovered], [[], answer.position, true]);
  assert.deepEqual(dataOf(await page(server, channel, "wait=0")), []);
});

test("a poll for a channel that nobody has published to misses nothing", async ({ server }) => {
  const channel = newChannel();
  const { position } = await page(server, channel);
  const poll = page(server, channel, `wait=20&since=${position}`);
  await publish(server, channel, 1);
  const answer = await poll;
  assert.deepEqual([dataOf(answer), answer.recovered, answer.missing], [[1], true, 0]);
});

test("one publish answers a crowd of polls with the same page", async ({ server }) => {
  const channel = newChannel();
  const { position } = await publish(server, channel, 0);
  const agent = new http.Agent({ keepAlive: true });
  const polls = Array.from({ length: 200 }, () => request(server, path(channel, `wait=20&client=crowd&since=${position}`), { agent }));
  const waiting = async () => JSON.parse((await request(server, path(channel, "who"))).body).followers[0]?.connections;
  await until(async () => (await waiting()) === polls.length, "all of them wait", 15_000);
  await publish(server, channel, { news: true });
  const answers = await Promise.all(polls);
  agent.destroy();
  assert.deepEqual([...new Set(answers.map(({ status, body }) => `${status} ${body}`))].length, 1);
  assert.deepEqual(dataOf(JSON.parse(answers[0].body)), [{ news: true }]);
});

test("a client that hangs up is forgotten", async ({ server, after }) => {
  const channel = newChannel();
  const stream = await openStream({ server, after }, path(channel, "as=ndjson&client=gone"));
  const poll = http.request({ host: "localhost", port: server.port, path: path(channel, "wait=30&client=poller"), agent: false });
  poll.on("error", () => {}).end();
  const who = async () => JSON.parse((await request(server, path(channel, "who"))).body);
  await until(async () => (await who()).count === 2, "both follow");
  stream.close();
  poll.destroy();
  await until(async () => (await who()).count === 0, "both have left");
});

test("a poll that waits is answered once it has 1 MB, and goes on", async ({ server }) => {
  const channel = newChannel();
  const { position } = await page(server, channel);
  const big = "x".repeat(300_000);
  for (let i = 0; i < 6; i++) await publish(server, channel, big);
  const first = await page(server, channel, `wait=20&since=${position}`);
  assert.deepEqual([first.messages.length, first.more], [4, true]);
  const rest = await page(server, channel, `wait=20&since=${first.position}`);
  assert.deepEqual([rest.messages.length, rest.more], [2, false]);
});

test("HEAD is the head, HTTP/1.0 is closed, pipelined requests are answered in order", async ({ server }) => {
  const channel = newChannel();
  await publish(server, channel, 1);
  const get = await request(server, path(channel));
  const head = await request(server, path(channel), { method: "HEAD" });
  assert.deepEqual([head.status, head.body], [200, ""]);
  for (const name of ["etag", "content-type", "content-length", "cache-control", "vary"])
    assert.equal(head.headers[name], get.headers[name], name);
  assert.equal((await request(server, path(channel, "as=sse"), { method: "HEAD" })).headers["content-type"], "text/event-stream");

  const old = await rawExchange(server, `GET ${path(channel)} HTTP/1.0\r\n\r\n`);
  assert.match(old, /^HTTP\/1.1 200 OK\r\n/);
  assert.match(old, /\r\nConnection: close\r\n/);
  assert.ok(old.endsWith(get.body));

  const one = (query) => `GET ${path(channel, query)} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const bodies = await rawExchange(server, one("limit=0") + one("wait=1") + one(""), (all) => all.endsWith(get.body));
  const statuses = [...bodies.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status);
  assert.deepEqual(statuses, ["400", "200", "200"]);
});

test("several channels have one position, which is good on every door", async ({ server, after }) => {
  const [a, b] = [newChannel(), `${newChannel()},b`];
  const several = `/channels?channels=${a},${encodeURIComponent(b).replace("%2C", "%2C")}`;
  const ask = async (query) => JSON.parse((await request(server, several + query)).body);
  await publish(server, a, "a1");
  await publish(server, b, "b1");
  const first = await ask("");
  assert.deepEqual(first.messages.map(({ channel, data }) => [channel, data]).sort(), [[a, "a1"], [b, "b1"]].sort());
  await publish(server, b, "b2");
  await publish(server, a, "a2");
  // Behind the first message of two the connection stands between them.
  const stream = await openStream({ server, after }, `${several}&as=ndjson&since=${first.position}`);
  assert.deepEqual(await stream.nextObject(), { notice: "start", position: first.position, recovered: true, missing: 0 });
  const next = await stream.nextObject();
  stream.close();
  const rest = await ask(`&since=${next.position}`);
  assert.deepEqual([next.data, ...dataOf(rest)].sort(), ["a2", "b2"]);
  assert.equal((await ask(`&since=${rest.position}&wait=0`)).messages.length, 0);
  const poll = ask(`&since=${rest.position}&wait=20`);
  await publish(server, a, "a3");
  assert.deepEqual((await poll).messages.map(({ channel, data }) => [channel, data]), [[a, "a3"]]);
});

test("who follows, and the stream of changes from there", async (context) => {
  const { server } = context;
  const channel = newChannel();
  const stream = await openStream(context, path(channel, "as=sse&client=ann"));
  const who = async () => JSON.parse((await request(server, path(channel, "who"))).body);
  await until(async () => (await who()).count === 1, "she follows");
  const { channel: name, followers, position } = await who();
  assert.equal(name, channel);
  assert.deepEqual(followers.map(({ since, ...rest }) => rest), [{ id: "ann", connections: 1 }]);
  const changes = await openStream(context, path(`${channel}@presence`, `as=ndjson&since=${position}`));
  assert.equal((await changes.nextObject()).notice, "start");
  await page(server, channel, "client=bob");
  stream.close();
  const seen = [await changes.nextObject(), await changes.nextObject(), await changes.nextObject()];
  assert.deepEqual(seen.map(({ event, data }) => `${event} ${data.id}`).sort(), ["join bob", "leave ann", "leave bob"]);
});

test("publishing again with the same key is the same message", async ({ server }) => {
  const channel = newChannel();
  const headers = { "Idempotency-Key": "41" };
  const first = await publish(server, channel, 1, { headers });
  const again = await publish(server, channel, 1, { headers });
  assert.deepEqual([first.repeated, again], [false, { ...first, repeated: true }]);
  assert.deepEqual(dataOf(await page(server, channel)), [1]);
});

test("a batch is answered line by line, in order", async ({ server }) => {
  const [a, b] = [newChannel(), newChannel()];
  const lines = (target, body) =>
    request(server, target, { method: "POST", body, headers: { "Content-Type": "application/x-ndjson" } });
  const one = await lines(path(a), '{"data":1,"idempotency_key":"x"}\r\n\n{"text":"t","event":"e"}\nno\n{"data":1,"idempotency_key":"x"}');
  const { results } = JSON.parse(one.body);
  assert.deepEqual([one.status, results.length], [200, 4]);
  assert.deepEqual(results.map((result) => result.repeated), [false, false, undefined, true]);
  assert.equal(typeof results[2].error, "string");
  const two = await lines("/channels", JSON.stringify({ channel: b, data: 2 }) + "\n" + '{"data":3}\n');
  assert.deepEqual(JSON.parse(two.body).results.map((result) => Boolean(result.error)), [false, true]);
  assert.deepEqual(dataOf(await page(server, b)), [2]);
  const many = await lines(path(a), '{"data":1}\n'.repeat(1001));
  assert.deepEqual([many.status, errorOf(many)], [413, "a batch has at most 1000 messages"]);
  assert.equal((await lines(path(b), '{"data":1}\n'.repeat(1000))).status, 200);
  assert.equal((await page(server, b, "limit=1000")).messages.length, 1000);
});

test("what is wrong is said in one shape", async ({ server }) => {
  const channel = newChannel();
  const cases = [
    ["GET", path(channel, "limit=0"), {}, "", 400],
    ["GET", path(channel, "as=xml"), {}, "", 400],
    ["GET", path(channel), { Accept: "image/png" }, "", 406],
    ["GET", path("a\nb"), {}, "", 400],
    ["GET", "/channels", {}, "", 400],
    ["PUT", path(channel), {}, "", 405],
    ["DELETE", path(channel), {}, "", 405],
    ["POST", path(channel), { "Content-Type": "application/json" }, "{", 400],
    ["POST", path(channel), { "Content-Type": "text/plain" }, Buffer.from([0xff]), 400],
    ["POST", path(channel), { "Naru-Event": "x".repeat(257) }, "1", 400],
    ["POST", path(channel), { "Naru-Header-a": "x".repeat(257) }, "1", 400],
    ["POST", path(`${channel}@presence`), {}, "1", 403],
    ["POST", path(channel), {}, "x".repeat(1_000_001), 413],
    ["POST", "/channels", {}, "1", 400],
    ["GET", path(channel), { Origin: "http://other.example" }, "", 403],
  ];
  for (const [method, target, headers, body, status] of cases) {
    const answer = await request(server, target, { method, headers, body });
    const what = `${method} ${target} ${JSON.stringify(headers)}`;
    assert.equal(answer.status, status, what);
    assert.equal(answer.type, "application/json", what);
    assert.equal(typeof errorOf(answer), "string", what);
  }
  assert.equal((await request(server, path(channel), { method: "PUT" })).headers.allow, "GET, HEAD, POST, OPTIONS");
  // Reading and failing have made nothing; the largest body that may be is taken.
  assert.deepEqual((await page(server, channel)).messages, []);
  assert.equal((await text(server, channel, "x".repeat(1_000_000))).status, 201);
});

test("a body that grows too large on its way is refused", async ({ server }) => {
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const head = `POST ${path(newChannel())} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const answer = await rawExchange(server, head + chunk.repeat(17) + "0\r\n\r\n", (all) => all.includes("bytes\"}"));
  assert.match(answer, /^HTTP\/1.1 413 /);
  assert.match(answer, /\r\nConnection: close\r\n/);
});

test("another site's pages may read where they are allowed", async ({ after }) => {
  const server = await startServer("feed", ["--cors", "http://app.example", "--rate", "2"]);
  after(() => server.stop());
  const headers = { Origin: "http://app.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "naru-event" };
  const preflight = await request(server, "/channels/c", { method: "OPTIONS", headers });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers["access-control-allow-origin"], "http://app.example");
  assert.equal(preflight.headers["access-control-allow-headers"], "naru-event");
  for (const query of ["", "?as=sse&since=first", "?limit=0"]) {
    const stream = await openStream({ server, after }, `/channels/c${query}`, { headers: { Origin: "http://app.example" } });
    assert.equal(stream.headers["access-control-allow-origin"], "http://app.example", query);
    stream.close();
  }
  // And nobody publishes faster than the feed allows.
  const answers = await Promise.all(Array.from({ length: 8 }, () => text(server, "c", "1")));
  const late = answers.find(({ status }) => status === 429);
  assert.ok(late && Number(late.headers["retry-after"]) >= 1);
  assert.equal(errorOf(late), "you publish faster than max_publishes_per_second");
});

test("a gate decides who follows and publishes, and until when", async (context) => {
  const server = await startServer("feed", ["--gate"]);
  context.after(() => server.stop());
  const as = (token) => ({ headers: { Authorization: `Bearer ${token}` } });
  const refused = await request(server, "/channels/c");
  assert.deepEqual([refused.status, refused.body], [403, '{"error":"who are you?"}']);
  assert.equal((await request(server, "/channels/c", as("reader"))).status, 200);
  const publishing = { method: "POST", body: "1", headers: { ...as("reader").headers } };
  assert.equal(errorOf(await request(server, "/channels/c", publishing)), "read only");
  assert.equal((await request(server, "/channels/c", { ...publishing, ...as("ann") })).status, 201);
  const batch = { method: "POST", body: '{"channel":"c","data":1}\n', headers: { ...as("reader").headers, "Content-Type": "application/x-ndjson" } };
  assert.equal((await request(server, "/channels", batch)).status, 403);
  const full = await request(server, "/channels/c?limit=1&since=first", as("ann"));
  const behind = await request(server, `/channels/c?limit=1&since=${JSON.parse(full.body).position}`, as("ann"));
  assert.equal(behind.headers["cache-control"], "no-store");
  // With more behind it never changes; but whoever reads it asks the gate.
  for (const body of ["2", "3"]) await request(server, "/channels/c", { ...publishing, ...as("ann"), body });
  const kept = `/channels/c?limit=1&since=${JSON.parse(full.body).position}`;
  const known = await request(server, kept, as("ann"));
  assert.deepEqual([JSON.parse(known.body).more, known.headers["cache-control"]], [true, "private, no-cache"]);
  const again = (token) => request(server, kept, { headers: { ...as(token).headers, "If-None-Match": known.headers.etag } });
  assert.equal((await again("ann")).status, 304);
  assert.equal((await request(server, kept, { headers: { "If-None-Match": known.headers.etag } })).status, 403);
  const html = await request(server, "/channels/c", { headers: { ...as("ann").headers, Accept: "text/html" } });
  assert.equal(html.headers["cache-control"], "private, no-cache");
  const stream = await openStream({ server, after: context.after }, "/channels/c?as=ndjson", as("ann:0.4"));
  assert.equal((await stream.nextObject()).notice, "start");
  assert.equal((await stream.nextObject()).notice, "end");
  assert.equal(await stream.next(), undefined);
  const poll = await request(server, "/channels/c?wait=20", as("ann:0.4"));
  assert.deepEqual([poll.status, JSON.parse(poll.body).messages], [200, []]);
});

await test.run();
