// naru serve, check, publish and tail as people use them: the real binary, its exit codes, what it prints.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command, run, Serving } from "./support/command.mjs";
import { suite, until, within } from "./support/suite.mjs";

const kTransports = ["sse", "stream", "ws", "longpoll", "poll", "socketio"];
const test = suite("serve_command");

async function scratch(after) {
  const folder = await mkdtemp(path.join(tmpdir(), "naru-serve-"));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function serve(after, ...args) {
  const server = await Serving.start(...args);
  after(() => server.end("SIGKILL"));
  return server;
}

function tail(after, server, channel, ...args) {
  const command = new Command(["tail", channel, "--url", server.url, ...args]);
  after(() => command.end("SIGKILL"));
  return command;
}

const publish = (server, channel, ...args) => run(["publish", channel, ...args, "--url", server.url]);
const publishLines = (server, channel, lines) => run(["publish", channel, "--url", server.url], { input: lines.map((line) => `${line}\n`).join("") });
const dataOf = (command) => command.lines.map((line) => JSON.parse(line).data);
const range = (from, to) => Array.from({ length: to - from }, (_, at) => from + at);

test("check says what would be served, or every fault with its line", async ({ after }) => {
  const folder = await scratch(after);
  const file = path.join(folder, "naru.toml");
  await writeFile(file, 'port = 9001\n[[channels]]\nprefix = "orders/"\ndurability = "power"\n');
  const good = await run(["check", file]);
  assert.equal(good.exit, 0, good.stderr);
  assert.match(good.stdout, /^would serve on http:\/\/localhost:9001\n/);
  assert.match(good.stdout, /orders\/….*on disk \(power\)/);

  await writeFile(file, 'prot = 9001\nloops = 999\n[[channels]]\nprefix = "a"\nslow = "latest"\n');
  const bad = await run(["check", file]);
  assert.equal(bad.exit, 2);
  assert.ok(bad.stderr.includes(`${file}:1: there is no key \`prot\`; did you mean \`port\`?`), bad.stderr);
  assert.ok(bad.stderr.includes(`${file}:2: loops is 0 to 255, not 999`), bad.stderr);
  assert.ok(bad.stderr.includes(`${file}:5: slow is decided by an address`), bad.stderr);
  assert.match(bad.stderr, /^3 faults$/m);
  assert.equal((await run(["serve", file])).exit, 2);
});

test("flags go before the environment, and that before the file", async ({ after }) => {
  const file = path.join(await scratch(after), "naru.toml");
  await writeFile(file, "port = 9001\nhistory_size = 11\n");
  const env = { NARU_PORT: "9002", NARU_HISTORY_SIZE: "12" };
  assert.match((await run(["check", file])).stdout, /:9001\n[^]*keeps 11 messages/);
  assert.match((await run(["check", file], { env })).stdout, /:9002\n[^]*keeps 12 messages/);
  assert.match((await run(["check", file, "--port", "9003"], { env })).stdout, /:9003\n[^]*keeps 12 messages/);
  assert.match((await run(["check"], { env: { NARU_CONFIG: file } })).stdout, /:9001\n/);
});

test("public and open is refused with the option to set", async () => {
  const refused = await run(["serve", "--host", "0.0.0.0", "--port", "0"]);
  assert.equal(refused.exit, 2);
  assert.match(refused.stderr, /say who may publish.*publish_tokens/);
  assert.match((await run(["check", "--host", "0.0.0.0", "--chat", "--lab"])).stderr, /the lab's channels: set public_and_open/);
  assert.equal((await run(["check", "--host", "0.0.0.0", "--chat", "--lab", "--public-and-open"])).exit, 0);
  assert.match((await run(["check", "--trust-proxy", "127.0.0.1"])).stderr, /trust_proxy, so say who may publish/);
  assert.equal((await run(["check", "--host", "0.0.0.0", "--follow", "open", "--publish", "open"])).exit, 2);
  assert.equal((await run(["check", "--host", "0.0.0.0", "--follow", "open", "--publish-tokens", "0123456789"])).exit, 0);
});

test("every command says what is wrong with its command line", async () => {
  for (const args of [["serve", "--prot", "1"], ["serve", "--port", "x"], ["tail"], ["tail", "a", "--transport", "pigeon"], ["publish", "a", "b", "--url", "ftp://x"], ["dance"]]) {
    const wrong = await run(args);
    assert.equal(wrong.exit, 2, args.join(" "));
    assert.notEqual(wrong.stderr, "", args.join(" "));
  }
  assert.equal((await run(["serve", "--help"])).exit, 0);
});

test("an address that is taken is a failure", async ({ after }) => {
  const server = await serve(after);
  const second = await run(["serve", "--port", String(server.port)]);
  assert.equal(second.exit, 1);
  assert.notEqual(second.stderr, "");
});

test("every transport prints each message once, over a server that was killed", async ({ after }) => {
  const folder = await scratch(after);
  const server = await serve(after, "--data", path.join(folder, "data"), "--durability", "power");
  assert.equal((await publishLines(server, "news", range(0, 20))).exit, 0);
  const tails = kTransports.map((transport) => tail(after, server, "news", "--since", "first", "--transport", transport, "--interval", "0.1"));
  await Promise.all(tails.map((one) => until(() => one.lines.length >= 20, `${one.child.spawnargs} prints what was kept`, 15_000)));
  await server.end("SIGKILL");
  const during = publishLines(server, "news", range(20, 40)); // it waits for the server
  await server.start();
  assert.equal((await during).exit, 0);
  assert.equal((await publishLines(server, "news", range(40, 60))).exit, 0);
  for (const one of tails) {
    await until(() => one.lines.length >= 60, `${one.child.spawnargs} goes on`, 40_000);
    assert.equal(await one.end("SIGINT"), 0);
    assert.deepEqual(dataOf(one), range(0, 60), one.child.spawnargs.join(" "));
    assert.match(one.stderr, new RegExp(`position: ${JSON.parse(one.lines.at(-1)).position}\\n$`));
    assert.doesNotMatch(one.stderr, /gap/);
  }
}, 90_000);

test("what is lost is said", async ({ after }) => {
  const server = await serve(after); // in memory
  await publishLines(server, "news", range(0, 3));
  const one = tail(after, server, "news", "--since", "first");
  await until(() => one.lines.length === 3, "the first three");
  await server.end("SIGKILL");
  await server.start();
  await publishLines(server, "news", [3]);
  await until(() => one.lines.length === 4, "the one after the restart", 30_000);
  await until(() => /gap: /.test(one.stderr), "the gap is said"); // there is no order between stdout and stderr
}, 60_000);

test("an answer that is cut off is asked for again, by every transport", async ({ after }) => {
  const dying = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"mess'));
  });
  await new Promise((resolve) => dying.listen(0, "127.0.0.1", resolve));
  after(() => dying.close());
  const url = `http://127.0.0.1:${dying.address().port}`;
  const tails = kTransports.map((transport) => tail(after, { url }, "news", "--transport", transport));
  await Promise.all(tails.map((one) => until(() => one.exit !== undefined || /trying again/.test(one.stderr), `${one.child.spawnargs} tries again`, 15_000)));
  for (const one of tails) assert.equal(await one.end("SIGINT"), 0, `${one.child.spawnargs}: ${one.stderr}`);
});

test("whoever reads tail may go: it says where it stood", async ({ after }) => {
  const server = await serve(after);
  const file = path.join(await scratch(after), "position.txt");
  await publishLines(server, "news", [0]);
  const one = tail(after, server, "news", "--since", "first", "--from-file", file);
  await until(() => one.lines.length === 1, "the first");
  one.child.stdout.destroy();
  await publishLines(server, "news", [1]);
  assert.equal(await within(10_000, one.ended, "tail ends"), 1);
  assert.equal((await readFile(file, "utf8")).trim(), JSON.parse(one.lines[0]).position);
});

test("tail goes on from its file", async ({ after }) => {
  const server = await serve(after);
  const file = path.join(await scratch(after), "position.txt");
  await publishLines(server, "news", range(0, 5));
  const read = (count, transport) => run(["tail", "news", "--url", server.url, "--since", "first", "--count", String(count), "--from-file", file, "--transport", transport]);
  const first = await read(2, "sse");
  assert.deepEqual(dataOf(first), [0, 1]);
  assert.equal((await readFile(file, "utf8")).trim(), JSON.parse(first.lines[1]).position);
  assert.deepEqual(dataOf(await read(2, "ws")), [2, 3]);
  assert.deepEqual(dataOf(await read(1, "longpoll")), [4]);
});

test("publish: arguments, files and lines, with all that a message has", async ({ after }) => {
  const server = await serve(after);
  const file = path.join(await scratch(after), "bytes");
  await writeFile(file, Buffer.from([0xff, 0x00]));
  const first = await publish(server, "a/b ü", '{"x":1.0}', "--event", "goal", "--key", "k", "--header", "from: me", "--idempotency-key", "once");
  assert.equal(first.exit, 0, first.stderr);
  assert.equal(JSON.parse(first.stdout).repeated, false);
  const again = await publish(server, "a/b ü", "other", "--idempotency-key", "once");
  assert.deepEqual(JSON.parse(again.stdout), { position: JSON.parse(first.stdout).position, repeated: true });
  assert.equal((await publish(server, "a/b ü", "--file", file, "--type", "image/png")).exit, 0);
  const lines = await run(["publish", "a/b ü", "--url", server.url, "--event", "line"], { input: 'one\n{"two":2}' });
  assert.equal(lines.lines.length, 2, lines.stderr);

  const read = await run(["tail", "a/b ü", "--url", server.url, "--since", "first", "--count", "4"]);
  const messages = read.lines.map((line) => JSON.parse(line)).map(({ position, ...rest }) => rest);
  assert.deepEqual(messages, [
    { event: "goal", key: "k", headers: { from: "me" }, data: { x: 1 } },
    { type: "image/png", base64: "/wA=" },
    { event: "line", text: "one" },
    { event: "line", data: { two: 2 } },
  ]);
  assert.ok(read.lines[0].includes('{"x":1.0}'), "as it was published");
});

test("tokens decide, and SIGHUP reads their file again", async ({ after }) => {
  const file = path.join(await scratch(after), "tokens");
  await writeFile(file, "# publishers\nfirst-token\n");
  const server = await serve(after, "--publish-tokens-file", file, "--follow-tokens", "follower-token");
  const refused = await publish(server, "news", "1");
  assert.equal(refused.exit, 3);
  assert.match(refused.stderr, /403: to publish to this channel takes a bearer token/);
  assert.equal((await publish(server, "news", "1", "--token", "first-token")).exit, 0);
  for (const transport of kTransports) {
    const args = ["tail", "news", "--url", server.url, "--since", "first", "--count", "1", "--transport", transport];
    assert.equal((await run(args)).exit, 3, transport);
    assert.deepEqual(dataOf(await run([...args, "--token", "follower-token"])), [1], transport);
  }
  await writeFile(file, "second-token\n");
  server.command.signal("SIGHUP");
  await until(async () => (await publish(server, "news", "2", "--token", "second-token")).exit === 0, "the new token holds");
  assert.equal((await publish(server, "news", "3", "--token", "first-token")).exit, 3);
});

test("a Unix socket", async ({ after }) => {
  const socketPath = path.join(await scratch(after), "naru.sock");
  const server = await serve(after, "--unix", socketPath, "--public-and-open");
  const status = await new Promise((resolve, reject) => {
    request({ socketPath, path: "/channels/news" }, (answer) => resolve(answer.statusCode)).on("error", reject).end();
  });
  assert.equal(status, 200);
  assert.equal(await server.end(), 0);
});

test("chat, channels and lab on one port, and a gentle end", async ({ after }) => {
  const server = await serve(after, "--chat", "--lab", "--data", path.join(await scratch(after), "data"));
  for (const [place, part] of [["/", "<!doctype html>"], ["/lab/", "<!doctype html>"], ["/healthz", "ok"], ["/channels/news", '"messages"']]) {
    const answer = await fetch(server.url + place);
    assert.equal(answer.status, 200, place);
    assert.ok((await answer.text()).toLowerCase().includes(part), place);
  }
  const one = tail(after, server, "news", "--since", "first");
  await publishLines(server, "news", [1]);
  await until(() => one.lines.length === 1, "tail follows");
  assert.equal(await server.end("SIGTERM"), 0);
  assert.match(server.command.stderr, /\[serve\] stopped/);
});

await test.run();
