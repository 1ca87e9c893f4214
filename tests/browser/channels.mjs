// A browser's own EventSource, fetch and WebSocket on a channel: NARU_FIXTURE=…/naru-fixture node tests/browser/channels.mjs.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { startServer } from "../interop/support/server.mjs";
import { suite, until } from "../interop/support/suite.mjs";
import { launchBrowser } from "./support/window.mjs";

const kLimitMs = 60_000;
const test = suite("channels in a browser");
const browser = await launchBrowser();

// A document that the server itself has sent, without a policy of its own: browsers ask for leave before a page of
// nowhere may speak to this machine. Everything that comes is kept in `got`.
async function openPage(context, origin, at = "/socket.io/socket.io.js") {
  const browserContext = await browser.newContext();
  context.after(() => browserContext.close());
  const page = await browserContext.newPage();
  await page.goto(origin + at);
  await page.evaluate(() => (window.got = []));
  return page;
}

async function served(context, ...args) {
  const data = await mkdtemp(path.join(tmpdir(), "naru-browser-"));
  const server = await startServer("feed", ["--data", data, "--retry", "0.2", ...args]);
  context.after(async () => {
    await server.stop("SIGKILL");
    await rm(data, { recursive: true, force: true });
  });
  return server;
}

async function publish(server, from, to, event) {
  for (let i = from; i < to; i++) {
    const headers = { "content-type": "application/json", ...(event ? { "naru-event": event } : {}) };
    const { status } = await fetch(`${server.url}/channels/news`, { method: "POST", body: String(i), headers });
    assert.equal(status, 201);
  }
}

const got = (page) => page.evaluate(() => window.got);
const upTo = (count) => Array.from({ length: count }, (_, i) => i);
const hears = (page, count) => until(async () => (await got(page)).length >= count, `${count} messages`, 15_000);

test("EventSource: named events, and what was missed while the server was killed", async (context) => {
  const server = await served(context);
  const page = await openPage(context, server.url);
  await publish(server, 0, 3);
  await page.evaluate(() => {
    const source = new EventSource("/channels/news?since=first");
    const hear = ({ data, lastEventId, type }) => window.got.push({ number: JSON.parse(data).data, position: JSON.parse(data).position, lastEventId, type });
    source.addEventListener("message", hear);
    source.addEventListener("goal", hear);
    source.addEventListener("open", () => (window.opened = (window.opened ?? 0) + 1));
  });
  await publish(server, 3, 5, "goal");
  await hears(page, 5);
  await server.stop("SIGKILL");
  await server.start();
  await publish(server, 5, 8);
  await hears(page, 8);
  const all = await got(page);
  assert.deepEqual(all.map(({ number }) => number), upTo(8));
  assert.deepEqual(all.map(({ type }) => type), [...Array(3).fill("message"), "goal", "goal", ...Array(3).fill("message")]);
  assert.ok(all.every(({ position, lastEventId }) => position === lastEventId));
  assert.equal(await page.evaluate(() => window.opened), 2);
}, kLimitMs);

test("fetch: each line as it comes, and a hang-up in the middle", async (context) => {
  const server = await served(context);
  const page = await openPage(context, server.url);
  await page.evaluate(async () => {
    window.hangUp = new AbortController();
    const response = await fetch("/channels/news?since=first", { headers: { accept: "application/x-ndjson" }, signal: window.hangUp.signal });
    window.type = response.headers.get("content-type");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const lines = (rest + value).split("\n");
        rest = lines.pop();
        window.got.push(...lines.filter(Boolean).map((line) => JSON.parse(line)));
      }
    })().catch(() => {});
  });
  assert.equal(await page.evaluate(() => window.type), "application/x-ndjson");
  await publish(server, 0, 1);
  await hears(page, 2); // at once, not when a buffer is full
  await publish(server, 1, 20);
  await hears(page, 21);
  const [start, ...messages] = await got(page);
  assert.deepEqual([start.notice, start.recovered], ["start", true]);
  assert.deepEqual(messages.map(({ data }) => data), upTo(20));
  await page.evaluate(() => window.hangUp.abort());
  await publish(server, 20, 21);
  const since = messages.at(-1).position;
  const rest = await page.evaluate(async (position) => (await (await fetch(`/channels/news?since=${position}`)).json()).messages.map(({ data }) => data), since);
  assert.deepEqual(rest, [20]);
}, kLimitMs);

test("WebSocket: follows and publishes", async (context) => {
  const server = await served(context);
  const page = await openPage(context, server.url);
  await page.evaluate(() => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/channels/news?since=first`);
    socket.onmessage = ({ data }) => window.got.push(JSON.parse(data));
    socket.onopen = () => socket.send(JSON.stringify({ publish: { text: "안녕", event: "hello" }, id: 7 }));
  });
  await hears(page, 3);
  const all = await got(page);
  const published = all.find((one) => one.published);
  const message = all.find(({ text }) => text);
  assert.deepEqual([all[0].notice, published.id, published.published.repeated], ["start", 7, false]);
  assert.deepEqual([message.text, message.event, message.position], ["안녕", "hello", published.published.position]);
}, kLimitMs);

test("long poll: ETag and 304 as a browser's fetch shows them", async (context) => {
  const server = await served(context);
  const page = await openPage(context, server.url);
  await publish(server, 0, 2);
  const [first, again, waited] = await page.evaluate(async () => {
    const ask = async (query, headers) => {
      const response = await fetch(`/channels/news${query}`, { headers, cache: "no-store" });
      return { status: response.status, tag: response.headers.get("etag"), body: response.status === 200 ? await response.json() : null };
    };
    const page = await ask("", {});
    const same = await ask("", { "if-none-match": page.tag });
    const waiting = ask(`?since=${page.body.position}&wait=20`, {});
    await fetch("/channels/news", { method: "POST", body: "2", headers: { "content-type": "application/json" } });
    return [page, same, await waiting];
  });
  assert.deepEqual([first.status, first.body.messages.length, first.tag], [200, 2, `"${first.body.position}"`]);
  assert.equal(again.status, 304);
  assert.deepEqual(waited.body.messages.map(({ data }) => data), [2]);
}, kLimitMs);

test("a page of another origin: only where it is allowed", async (context) => {
  const other = http.createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>another</title>"));
  await new Promise((resolve) => other.listen(0, "localhost", resolve));
  context.after(() => other.close());
  const origin = `http://localhost:${other.address().port}`;
  const [closed, open] = [await served(context), await served(context, "--cors", origin)];
  const page = await openPage(context, origin, "/");
  const ask = (url) => page.evaluate((address) => fetch(address, { headers: { "if-none-match": '"x"' } }).then(async (response) => (await response.json()).messages, () => "refused"), url);
  assert.equal(await ask(`${closed.url}/channels/news`), "refused");
  assert.deepEqual(await ask(`${open.url}/channels/news`), []);
  const stream = (url) => page.evaluate((address) => new Promise((resolve) => {
    const source = new EventSource(address);
    source.onopen = () => resolve("open");
    source.onerror = () => (source.close(), resolve("refused"));
  }), url);
  assert.equal(await stream(`${closed.url}/channels/news`), "refused");
  assert.equal(await stream(`${open.url}/channels/news`), "open");
}, kLimitMs);

await test.run();
