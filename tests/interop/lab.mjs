// The transport lab's server side: the page with its policy, what a browser says of itself, and the limits of its feed.
import assert from "node:assert/strict";
import { Serving } from "./support/command.mjs";
import { request } from "./support/http.mjs";
import { suite, until } from "./support/suite.mjs";

const test = suite("lab");
const kMaxMessage = 32 * 1024;
const kMaxPublishes = 400; // a second
const server = await Serving.start("--lab");
const post = (channel, body, type = "text/plain") => request(server, `/lab/channels/${channel}`, { method: "POST", body, headers: { "content-type": type } });

test("the page: its address, its policy, its files", async () => {
  const bare = await request(server, "/lab");
  assert.deepEqual([bare.status, bare.headers.location], [308, "/lab/"]);
  const page = await request(server, "/lab/");
  assert.deepEqual([page.status, page.type], [200, "text/html; charset=utf-8"]);
  assert.match(page.headers["content-security-policy"], /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.equal(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/.test(page.body), false, "nothing inline");
  const files = [...page.body.matchAll(/(?:src|href)="(\/lab\/assets\/[^"]+)"/g)].map(([, path]) => path);
  assert.equal(files.length, 3);
  for (const path of files) assert.equal((await request(server, path)).status, 200, path);
});

test("the fields that a browser adds are counted, others are not", async () => {
  const own = { "User-Agent": "a browser", "Accept-Language": "ko, en;q=0.5", Cookie: "a=b", "Sec-Fetch-Mode": "cors" };
  const headers = { ...own, Host: "localhost", Connection: "close", "X-Other": "x".repeat(100), Accept: "*/*" };
  const { bytes } = JSON.parse((await request(server, "/lab/head", { headers })).body);
  const { "X-Other": _, ...counted } = headers;
  assert.equal(bytes, Object.entries(counted).reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0));
});

test("a message of the largest size, and one byte more", async () => {
  assert.equal((await post("size", "x".repeat(kMaxMessage))).status, 201);
  assert.equal((await post("size", "x".repeat(kMaxMessage + 1))).status, 413);
});

test("as many messages as the page may send in a second, and far more", async () => {
  const batch = (count) => post("rate", '{"data":1}\n'.repeat(count), "application/x-ndjson");
  assert.equal((await batch(kMaxPublishes)).status, 200);
  // A batch is taken whole and its rest is owed. However slow the machine is, one of them comes before that is paid.
  let refused;
  await until(async () => (refused = (await Promise.all([batch(1000), batch(1000), batch(1000)])).find(({ status }) => status === 429)), "somebody is asked to wait", 15_000);
  assert.ok(Number(refused.headers["retry-after"]) >= 1);
});

process.on("exit", () => server.command.signal("SIGKILL"));
await test.run();
