// What only a browser does: blobs and files, cookies with credentials, pages of other origins, tabs that close.
//   NARU_FIXTURE=…/naru-fixture node tests/browser/checklist.mjs, or SERVER=reference
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { suite, until } from "../interop/support/suite.mjs";
import { againstReference, startServer } from "../interop/support/server.mjs";
import { ask, connectClient, kBoth, kPolling, kWebSocket } from "../interop/support/client.mjs";
import { launchBrowser } from "./support/window.mjs";

const test = suite("checklist");
const browser = await launchBrowser();
const server = await startServer("interop-options"); // allows every port of 127.0.0.1
const pages = createServer((request, response) => {
  response.setHeader("content-type", "text/html").end("<!DOCTYPE html><title>A page of another origin</title>");
}).listen(0);
await once(pages, "listening");
const kFriendly = `http://127.0.0.1:${pages.address().port}`;
const kForeign = `http://localhost:${pages.address().port}`;
const kServer = `http://127.0.0.1:${server.port}`;

// A page of that origin, with the client script from the server.
async function open(context, origin = kFriendly) {
  const window = await browser.newContext();
  context.after(() => window.close().catch(() => {}));
  const page = await window.newPage();
  await page.goto(`${origin}/`);
  await page.addScriptTag({ url: `${kServer}/socket.io/socket.io.js` });
  await page.evaluate((url) => {
    globalThis.connect = (namespace, options) => globalThis.io(url + namespace, { forceNew: true, reconnection: false, ...options });
    globalThis.text = (buffer) => new TextDecoder().decode(buffer);
  }, kServer);
  return page;
}

const kBinaries = {
  "a blob": () => new Blob(["asdf", "한국어"]),
  "a file": () => new File(["asdf", "한국어"], "name.txt", { type: "text/plain" }),
  "an ArrayBuffer": () => new TextEncoder().encode("asdf한국어").buffer,
  "a typed array": () => new TextEncoder().encode("asdf한국어"),
  "a part of a typed array": () => new TextEncoder().encode("--asdf한국어--").subarray(2, -2),
};
for (const transports of [kPolling, kWebSocket]) {
  for (const [what, make] of Object.entries(kBinaries)) {
    test(`${transports}: ${what} goes there and back, alone and inside`, async (context) => {
      const page = await open(context);
      const answers = await page.evaluate(async ([transports, source]) => {
        const make = (0, eval)(source);
        const socket = connect("/checks", { transports });
        const alone = await socket.emitWithAck("echo", make());
        const inside = await socket.emitWithAck("echo", { list: [make(), "between", make()] });
        socket.disconnect();
        return [text(alone), ...inside.list.map((one) => (one instanceof ArrayBuffer ? text(one) : one))];
      }, [transports, make.toString()]);
      assert.deepEqual(answers, ["asdf한국어", "asdf한국어", "between", "asdf한국어"]);
    });
  }

  test(`${transports}: events with blobs keep their order among others`, async (context) => {
    const page = await open(context);
    const heard = await page.evaluate((transports) => new Promise((resolve) => {
      const socket = connect("/checks", { transports });
      const heard = [];
      socket.on("all_same", (name, data) => {
        heard.push(data instanceof ArrayBuffer ? `${name}: ${text(data)}` : `${name}: ${data}`);
        if (name === "last") resolve(heard);
      });
      socket.emit("all_same", "first", new Blob(["one"]));
      socket.emit("all_same", "second", "two");
      socket.emit("all_same", "third", new Blob(["three"]));
      socket.emit("all_same", "last", "four");
    }), transports);
    assert.deepEqual(heard, ["first: one", "second: two", "third: three", "last: four"]);
  });

  test(`${transports}: a tab that closes is seen`, async (context) => {
    const page = await open(context);
    const id = await page.evaluate((transports) => new Promise((resolve) => {
      const socket = connect("/", { transports });
      socket.on("connect", () => resolve(socket.id));
    }), transports);
    await page.close();
    const observer = await connectClient({ ...context, server });
    let end;
    await until(async () => (end = (await ask(observer, "ended")).find((one) => one.id === id)), "its end");
    assert.equal(end.reason, transports === kPolling ? "transport error" : "transport close"); // a GET waited
  });
}

test("polling first, then WebSocket", async (context) => {
  const page = await open(context);
  const names = await page.evaluate((transports) => new Promise((resolve) => {
    // Listened to from the beginning: it may be done before the namespace has answered.
    const { engine } = connect("/", { transports }).io;
    const first = engine.transport.name;
    engine.on("upgrade", ({ name }) => resolve([first, name]));
  }), kBoth);
  assert.deepEqual(names, ["polling", "websocket"]);
});

test("the module bundle is served to pages of an allowed origin", async (context) => {
  const page = await open(context);
  const id = await page.evaluate(async (url) => {
    const { io } = await import(`${url}/socket.io/socket.io.esm.min.js`);
    const socket = io(`${url}/`, { forceNew: true });
    return new Promise((resolve) => socket.on("connect", () => resolve(socket.id)));
  }, kServer);
  assert.match(id, /^[\w-]{20}$/);
});

// What the server knows of the cookies of a second connection, after a first one.
const cookieOfSecond = (page, withCredentials) => page.evaluate(async (withCredentials) => {
  for (let i = 0; ; i++) {
    const socket = connect("/checks", { withCredentials, transports: ["polling"] });
    const { cookie } = await socket.emitWithAck("handshake");
    socket.disconnect();
    if (i === 1) return cookie;
  }
}, withCredentials);

test("withCredentials: the handshake's cookie is kept and comes back", async (context) => {
  const page = await open(context);
  assert.match(await cookieOfSecond(page, true), /^ferry=[\w-]{20}$/);
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.name, "ferry");
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, "Lax");
});

test("without credentials no cookie is kept", async (context) => {
  const page = await open(context);
  assert.equal(await cookieOfSecond(page, false), null);
  assert.deepEqual(await page.context().cookies(), []);
});

const connects = (page, transports) => page.evaluate((transports) => new Promise((resolve) => {
  const socket = connect("/", { transports });
  socket.on("connect", () => (socket.disconnect(), resolve(true)));
  socket.on("connect_error", () => resolve(false));
}), transports);

test("a page of an origin that was not allowed cannot connect; in Node it can, by WebSocket", async (context) => {
  const page = await open(context, kForeign);
  assert.equal(await connects(page, kPolling), false);
  assert.equal(await connects(page, kWebSocket), againstReference);
});

test("a page of the server's own origin needs no permission", async (context) => {
  const page = await open(context, kServer);
  assert.equal(await connects(page, kPolling), true);
  assert.equal(await connects(page, kWebSocket), true);
});

process.on("exit", () => server.child.kill("SIGKILL"));
await test.run();
