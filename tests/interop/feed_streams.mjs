// Channels held open over HTTP: lines, server-sent events with npm's EventSource, pages for people, readers that are
// slow, and a server that stops.
import assert from "node:assert/strict";
import http from "node:http";
import { readFileSync } from "node:fs";
import { EventSource } from "eventsource";
import { rawExchange, request } from "./support/http.mjs";
import { suite, until, within } from "./support/suite.mjs";
import { startServer } from "./support/server.mjs";
import { fieldsOf, newChannel, openSlowly, openStream, page, path, publish } from "./support/channels.mjs";

const test = suite("feed_streams", { profile: "feed", args: ["--heartbeat", "0.3", "--retry", "0.1", "--history", "100"] });

const offsetOf = (position) => Number(position.slice(position.lastIndexOf(".") + 1));

async function own({ after }, args) {
  const server = await startServer("feed", args);
  after(() => server.stop());
  return server;
}

test("NDJSON begins with where it stands, and is never silent for long", async (context) => {
  const { server } = context;
  const channel = newChannel();
  const { position } = await publish(server, channel, 0);
  const stream = await openStream(context, path(channel), { headers: { Accept: "application/x-ndjson" } });
  assert.equal(stream.headers["content-type"], "application/x-ndjson");
  assert.equal(stream.headers["cache-control"], "no-store");
  assert.equal(stream.headers["x-accel-buffering"], "no");
  assert.equal(stream.headers.vary, "Accept");
  assert.deepEqual(await stream.nextObject(), { notice: "start", position, recovered: true, missing: 0 });
  assert.equal(await stream.next(), "", "a heartbeat");
  const one = await publish(server, channel, { n: 1 }, { query: "event=goal" });
  assert.deepEqual(await stream.nextObject(), { position: one.position, event: "goal", data: { n: 1 } });
});

test("fetch reads a stream, and what was there comes first", async ({ server, after }) => {
  const channel = newChannel();
  await publish(server, channel, "before");
  const abort = new AbortController();
  after(() => abort.abort());
  const answer = await fetch(server.url + path(channel, "since=first"), { headers: { Accept: "text/plain" }, signal: abort.signal });
  assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
  await publish(server, channel, { "a\nb": [1, 2] });
  let text = "";
  const enough = '"before"\n{"a\\nb":[1,2]}\n';
  const reading = (async () => {
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.replace(/^\n+/gm, "") === enough) return;
    }
  })();
  await within(5000, reading, `the lines, so far ${JSON.stringify(text)}`);
});

test("HTTP/1.0 gets a stream until it is closed", async ({ server }) => {
  const channel = newChannel();
  const { position } = await publish(server, channel, "x");
  const text = await rawExchange(server, `GET ${path(channel, "as=sse&since=first")} HTTP/1.0\r\n\r\n`, (all) => all.includes("data: "));
  assert.match(text, /\r\nConnection: close\r\n/);
  assert.doesNotMatch(text, /Transfer-Encoding/);
  assert.ok(text.includes(`\r\n\r\nretry: 100\nid: ${position.replace(/1$/, "0")}\n\nid: ${position}\ndata: {`), text);
});

test("EventSource gets events by name, and comes back where it was", async ({ after }) => {
  const server = await own({ after }, ["--retry", "0.1", "--gate"]);
  const channel = newChannel();
  const token = { headers: { Authorization: "Bearer ann" } };
  const first = await publish(server, channel, 1, token);
  // Every connection ends after a while; nothing is lost or repeated over many of them.
  const source = new EventSource(`${server.url}${path(channel, "since=first&token=ann:0.4")}`);
  after(() => source.close());
  const seen = [];
  let ends = 0;
  let isOver;
  const over = new Promise((resolve) => (isOver = resolve));
  const take = ({ data, lastEventId }) => {
    const message = JSON.parse(data);
    assert.equal(message.position, lastEventId);
    seen.push(message.data);
    if (message.data === 40) isOver();
  };
  source.addEventListener("message", take);
  source.addEventListener("goal", take);
  source.addEventListener("end", () => ends++);
  source.addEventListener("gap", ({ data }) => assert.fail(data));
  for (let n = 2; n <= 40; n++) {
    await publish(server, channel, n, { ...token, query: n % 2 ? "event=goal" : "" });
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await within(10_000, over, `the last of the events, so far ${seen}`);
  assert.deepEqual(seen, Array.from({ length: 40 }, (_, at) => at + 1));
  assert.ok(ends > 0);
  assert.equal(offsetOf(first.position), 1);
});

test("Last-Event-ID is where an EventSource stands, whatever its address says", async (context) => {
  const { server } = context;
  const channel = newChannel();
  await publish(server, channel, 1);
  const two = await publish(server, channel, 2);
  const three = await publish(server, channel, 3);
  const headers = { Accept: "text/event-stream", "Last-Event-ID": two.position };
  const stream = await openStream(context, path(channel, "since=first"), { headers, separator: "\n\n" });
  assert.deepEqual(fieldsOf(await stream.next()), { retry: "100", id: two.position });
  assert.deepEqual(fieldsOf(await stream.next()), { id: three.position, data: JSON.stringify({ position: three.position, data: 3 }) });
});

test("what a log has lost meanwhile is a gap that EventSource is told of", async (context) => {
  const { server } = context;
  const channel = newChannel();
  const agent = new http.Agent({ keepAlive: true });
  const first = await publish(server, channel, 0);
  for (let n = 1; n <= 150; n++) await publish(server, channel, n, { agent });
  agent.destroy();
  const stream = await openStream(context, path(channel, `as=sse&since=${first.position}`), { separator: "\n\n" });
  const opening = fieldsOf(await stream.next());
  const gap = fieldsOf(await stream.next());
  assert.equal(gap.event, "gap");
  assert.deepEqual(JSON.parse(gap.data), { notice: "gap", position: opening.id, recovered: false, missing: 50 });
  assert.equal(JSON.parse(fieldsOf(await stream.next()).data).data, 51);
  const answer = await page(server, channel, `since=${first.position}&limit=1`);
  assert.deepEqual([answer.recovered, answer.missing, answer.messages[0].data], [false, 50, 51]);
});

test("a page for people shows the newest first, with nothing of theirs in it", async ({ server }) => {
  const channel = `${newChannel()}<b>`;
  const html = (headers = {}, query = "") => request(server, path(channel, query), { headers: { Accept: "text/html,*/*;q=0.8", ...headers } });
  assert.match((await html()).body, /Nothing has been published here yet/);
  await publish(server, channel, "<script>alert(1)</script>");
  await publish(server, channel, "newest");
  const answer = await html({}, "refresh=9");
  assert.equal(answer.type, "text/html; charset=utf-8");
  assert.match(answer.headers["content-security-policy"], /^default-src 'none'; style-src 'sha256-/);
  assert.doesNotMatch(answer.body, /<script|<b>/);
  assert.ok(answer.body.indexOf("newest") < answer.body.indexOf("&lt;script&gt;"));
  assert.match(answer.body, /http-equiv="refresh" content="9"/);
  assert.equal(answer.headers["cache-control"], "no-cache");
  assert.equal((await html({ "If-None-Match": answer.headers.etag }, "refresh=9")).status, 304);
  await publish(server, channel, "even newer");
  assert.equal((await html({ "If-None-Match": answer.headers.etag }, "refresh=9")).status, 200);
});

// --- readers that are slow ---

const kMessages = 1500;
const kSize = 20_000; // 30 MB in all: more than the kernel keeps for anybody

async function publishMuch(server, channel, from = 1) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const filling = "x".repeat(kSize);
  for (let n = from; n < from + kMessages; n++) await publish(server, channel, { n, filling }, { agent });
  agent.destroy();
}

// AddressSanitizer keeps what was freed for a while; for these servers little of it, or it would count as theirs.
process.env.ASAN_OPTIONS = [process.env.ASAN_OPTIONS, "quarantine_size_mb=1:thread_local_quarantine_size_kb=64"].filter(Boolean).join(":");
const memoryOf = ({ child }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) * 1024;

// Every message once and in order, and what is missing between them is what was said to be.
function checkStory(objects, last) {
  let at = 0;
  let missing = 0;
  for (const { notice, position, missing: gap, data } of objects) {
    if (notice === "gap") missing += gap;
    if (notice === "gap") at = offsetOf(position);
    if (data === undefined) continue;
    assert.equal(data.n, at + 1);
    at = data.n;
  }
  assert.equal(at, last);
  return { missing, told: objects.filter(({ data }) => data).length };
}

for (const slow of ["resume", "drop_oldest"]) {
  test(`a slow reader costs no memory and is told what it missed: ${slow}`, async (context) => {
    const server = await own(context, ["--slow", slow, "--history", "50", "--history-bytes", "4000000"]);
    const channel = newChannel();
    const reader = await openSlowly({ server, after: context.after }, path(channel, "as=ndjson"));
    await publishMuch(server, channel);
    const before = memoryOf(server);
    await publishMuch(server, channel, kMessages + 1);
    assert.ok(memoryOf(server) - before < 8_000_000, "memory grew with what a reader has not read");
    const objects = await reader.readUntil(({ data }) => data?.n === 2 * kMessages);
    const { missing, told } = checkStory(objects, 2 * kMessages);
    assert.ok(missing > 0);
    assert.equal(missing + told, 2 * kMessages);
  }, 60_000);
}

test("a slow reader of the policy disconnect is told where to come back", async (context) => {
  const server = await own(context, ["--slow", "disconnect"]);
  const channel = newChannel();
  const reader = await openSlowly({ server, after: context.after }, path(channel, "as=ndjson"));
  await publishMuch(server, channel);
  const objects = await reader.readUntil(({ notice }) => notice === "end");
  const end = objects.pop();
  assert.equal(end.reason, "you read more slowly than the channel grows");
  checkStory(objects, offsetOf(end.position));
}, 60_000);

// --- the end of the server ---

test("a server that stops says goodbye at every door", async (context) => {
  const server = await own(context, ["--retry", "0.5", "--presence"]);
  const channel = newChannel();
  const { position } = await publish(server, channel, 1);
  const lines = await openStream({ server, after: context.after }, path(channel, "as=ndjson"));
  const events = await openStream({ server, after: context.after }, path(channel, "as=sse"), { separator: "\n\n" });
  assert.equal((await lines.nextObject()).notice, "start");
  await events.next();
  const poll = page(server, channel, "wait=30&client=p");
  poll.catch(() => {});
  const who = async () => JSON.parse((await request(server, path(channel, "who"))).body).followers;
  await until(async () => (await who()).some(({ id }) => id === "p"), "the poll waits");
  const stopped = server.stop();
  assert.deepEqual(await lines.nextObject(), { notice: "end", position, reason: "the server stops" });
  assert.equal(await lines.next(), undefined);
  assert.deepEqual(fieldsOf(await events.next()), { retry: "500", id: position });
  const end = fieldsOf(await events.next());
  assert.deepEqual([end.event, JSON.parse(end.data).reason], ["end", "the server stops"]);
  assert.equal(await events.next(), undefined);
  const answer = await poll;
  assert.deepEqual([answer.messages, answer.position], [[], position]);
  await stopped;
  assert.equal(server.exited, "code 0");
});

await test.run();
