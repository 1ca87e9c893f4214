// Engine.IO's options and hooks, each on a server of its own (PROFILE.md, `engine-options`): cookie, CORS, transports,
// allowRequest, ids, middleware, headers, compression, connection_error.
import assert from "node:assert/strict";
import { gunzipSync, inflateSync } from "node:zlib";
import { suite, until, within } from "./support/suite.mjs";
import { Polling, Wire, kSeparator, refusedUpgrade } from "./support/engine.mjs";
import { handshakeHead, rawExchange, request } from "./support/http.mjs";

const test = suite("engine_options", { profile: "engine-options" });

const handshake = (path, query = "") => `${path}?EIO=4&transport=polling${query}`;
const shake = (server, path, query, headers) => request(server, handshake(path, query), { headers });
const upgradeHead = (server, path, query = "", fields = {}) =>
  rawExchange(server, handshakeHead(`${path}?EIO=4&transport=websocket${query}`, fields), (all) => all.includes("\r\n\r\n"));
const errors = async (server) => JSON.parse((await request(server, "/errors")).body);
const cookieOf = (answer) => answer.headers["set-cookie"]?.map((one) => one.split(/; ?/));
const sidOf = (answer) => JSON.parse(answer.body.slice(1).split(kSeparator)[0]).sid;

async function open(server, path, query) {
  const session = new Polling(server, path);
  await session.open(query);
  return session;
}

// Cookie

test("cookie: by default io, for all paths, not for scripts, lax", async ({ server }) => {
  const answer = await shake(server, "/cookie/");
  const [[pair, ...attributes]] = cookieOf(answer);
  assert.equal(pair, `io=${sidOf(answer)}`);
  assert.deepEqual(attributes.sort(), ["HttpOnly", "Path=/", "SameSite=Lax"]);
});

test("cookie: name, path, domain, age, httpOnly, secure, sameSite", async ({ server }) => {
  const answer = await shake(server, "/cookie-custom/");
  const [[pair, ...attributes]] = cookieOf(answer);
  assert.equal(pair, `woot=${sidOf(answer)}`);
  assert.deepEqual(attributes.sort(), ["Domain=example.org", "Max-Age=60", "Path=/custom", "SameSite=Strict", "Secure"]);
});

test("cookie: everything may be left out", async ({ server }) => {
  const answer = await shake(server, "/cookie-bare/");
  assert.deepEqual(cookieOf(answer), [[`io=${sidOf(answer)}`]]);
});

test("cookie: none unless asked for", async ({ server }) => {
  assert.equal((await shake(server, "/plain/")).headers["set-cookie"], undefined);
});

test("cookie: not on later answers, not on a WebSocket's handshake", async ({ server }) => {
  const session = await open(server, "/cookie/");
  const post = await session.post("4x");
  const get = await session.get();
  for (const answer of [post, get]) assert.equal(answer.headers["set-cookie"], undefined);
  assert.doesNotMatch(await upgradeHead(server, "/cookie/"), /set-cookie/i);
});

// CORS

const preflight = (server, path, origin, fields = {}) =>
  request(server, handshake(path), { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST", ...fields } });

test("CORS: a text is named whoever asks; methods, headers, age and status are the option's", async ({ server }) => {
  const answer = await preflight(server, "/cors-text/", "http://a.example", { "access-control-request-headers": "x-other" });
  assert.equal(answer.status, 200);
  assert.equal(answer.body, "");
  assert.equal(answer.headers["access-control-allow-origin"], "http://a.example");
  assert.equal(answer.headers["access-control-allow-methods"], "GET,POST");
  assert.equal(answer.headers["access-control-allow-headers"], "x-one,x-two");
  assert.equal(answer.headers["access-control-max-age"], "123");
  assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  assert.match(answer.headers.vary, /Origin/);
  assert.equal((await shake(server, "/cors-text/")).headers["access-control-allow-origin"], "http://a.example");
});

test("CORS: exposed headers stand on ordinary answers", async ({ server }) => {
  const answer = await shake(server, "/cors-text/", "", { origin: "http://a.example" });
  assert.equal(answer.headers["access-control-expose-headers"], "x-three");
  assert.equal(answer.headers["access-control-allow-methods"], undefined);
});

test("CORS: of a list the one that asks, with credentials", async ({ server }) => {
  for (const origin of ["http://a.example", "http://b.example"]) {
    const answer = await shake(server, "/cors-list/", "", { origin });
    assert.equal(answer.headers["access-control-allow-origin"], origin);
    assert.equal(answer.headers["access-control-allow-credentials"], "true");
    assert.match(answer.headers.vary, /Origin/);
  }
});

test("CORS: who is not allowed is served without the field", async ({ server }) => {
  for (const path of ["/cors-list/", "/cors-pattern/", "/cors-function/"]) {
    const answer = await shake(server, path, "", { origin: "http://evil.test" });
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers["access-control-allow-origin"], undefined, path);
  }
});

test("CORS: a pattern and a function", async ({ server }) => {
  const byPattern = await shake(server, "/cors-pattern/", "", { origin: "http://xyz.example" });
  assert.equal(byPattern.headers["access-control-allow-origin"], "http://xyz.example");
  const byFunction = await shake(server, "/cors-function/", "", { origin: "http://f.example" });
  assert.equal(byFunction.headers["access-control-allow-origin"], "http://f.example");
});

test("CORS: on the POST, on errors and on the 101", async ({ server }) => {
  const origin = "http://a.example";
  const session = await open(server, "/cors-list/");
  const post = await session.post("4x", { headers: { origin } });
  const refused = await request(server, "/cors-list/?EIO=4&transport=abc", { headers: { origin } });
  for (const answer of [post, refused]) assert.equal(answer.headers["access-control-allow-origin"], origin);
  assert.match(await upgradeHead(server, "/cors-list/", "", { Origin: origin }), /^HTTP\/1\.1 101 [^]*access-control-allow-origin: http:\/\/a\.example\r\n/i);
});

test("CORS: none unless asked for, and OPTIONS is then a bad method", async ({ server }) => {
  assert.equal((await shake(server, "/plain/")).headers["access-control-allow-origin"], undefined);
  const answer = await request(server, handshake("/plain/"), { method: "OPTIONS" });
  assert.equal(answer.body, '{"code":2,"message":"Bad handshake method"}');
});

test.naruOnly("CORS: who is not allowed is refused, by polling and by WebSocket", async ({ server }) => {
  const origin = "http://evil.test";
  assert.equal((await shake(server, "/cors-enforced/", "", { origin })).status, 403);
  assert.match(await upgradeHead(server, "/cors-enforced/", "", { Origin: origin }), /^HTTP\/1\.1 40[03] /);
  assert.equal((await shake(server, "/cors-enforced/", "", { origin: "http://good.example" })).status, 200);
  const told = (await errors(server)).filter((one) => one.context.name === "FOREIGN_ORIGIN");
  assert.ok(told.length >= 2 && told.every((one) => one.code === 4 && one.context.origin === origin));
});

// Transports, path, first packet

test("upgrades: none are named when they are not allowed", async ({ server }) => {
  const session = new Polling(server, "/no-upgrades/");
  assert.deepEqual((await session.open()).upgrades, []);
});

test("transports: what is not offered is unknown", async ({ server }) => {
  const unknown = '{"code":0,"message":"Transport unknown"}';
  assert.equal((await shake(server, "/websocket-only/")).body, unknown);
  assert.deepEqual(JSON.parse((await shake(server, "/polling-only/")).body.slice(1)).upgrades, []);
});

test.naruOnly("transports: a WebSocket where there is only polling is refused before 101", async ({ server }) => {
  const answer = await refusedUpgrade(server, "/polling-only/?EIO=4&transport=websocket");
  assert.deepEqual([answer.status, answer.body], [400, "Transport unknown"]);
});

test("no trailing slash: the path is enough, whatever stands behind it", async ({ server }) => {
  for (const path of ["/no-slash", "/no-slash/", "/no-slashes"]) assert.equal((await shake(server, path)).status, 200, path);
});

test("the initial packet comes with the handshake", async ({ server }) => {
  const [open, first] = (await shake(server, "/initial/")).body.split(kSeparator);
  assert.equal(open[0], "0");
  assert.equal(first, "4faster!");
  const wire = await Wire.open(server, "/initial/?EIO=4&transport=websocket");
  assert.equal((await wire.next())[0], "0");
  assert.equal(await wire.next(), "4faster!");
  wire.close();
});

test("an upgrade that is not finished in time leaves the session on polling", async ({ server }) => {
  const session = await open(server, "/quick/");
  const candidate = new Wire(session.socketUrl());
  await candidate.opened;
  candidate.send("2probe");
  assert.equal(await candidate.next(), "3probe");
  await within(3000, candidate.closed, "the end of the candidate");
  await session.post("4still here");
  assert.equal(await nextMessage(session), "4still here");
});

// allowRequest, asynchronous

test("allow_request: polling", async ({ server }) => {
  assert.equal((await shake(server, "/gate/")).status, 200);
  const refused = await shake(server, "/gate/", "&deny=1");
  assert.equal(refused.status, 403);
  assert.equal(refused.type, "application/json");
  assert.equal(refused.body, '{"code":4,"message":"Forbidden"}');
  assert.equal((await shake(server, "/gate/", "&deny=why")).body, '{"code":4,"message":"you shall not pass"}');
});

test("allow_request: WebSocket", async ({ server }) => {
  const wire = await Wire.open(server, "/gate/?EIO=4&transport=websocket");
  assert.equal((await wire.next())[0], "0");
  wire.close();
  const text = await rawExchange(server, handshakeHead("/gate/?EIO=4&transport=websocket&deny=why"), undefined, 2000);
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.match(text, /\r\n\r\nyou shall not pass$/);
});

test("allow_request: asked for handshakes only, after the other checks, before the version", async ({ server }) => {
  const session = await open(server, "/gate/");
  assert.equal((await request(server, session.url() + "&deny=1", { method: "POST", body: "4x" })).status, 200);
  assert.equal((await request(server, "/gate/?EIO=4&transport=abc&deny=1")).body, '{"code":0,"message":"Transport unknown"}');
  assert.equal((await request(server, "/gate/?EIO=3&transport=polling&deny=1")).status, 403);
  assert.equal((await request(server, "/gate/?EIO=3&transport=polling")).body, '{"code":5,"message":"Unsupported protocol version"}');
});

test("allow_request: a client that hangs up meanwhile hurts nobody", async ({ server }) => {
  for (let i = 0; i < 20; i++) await rawExchange(server, handshakeHead("/gate/?EIO=4&transport=websocket"), () => true, 1);
  assert.equal((await shake(server, "/gate/")).status, 200);
});

// Ids

let fresh = 0;
const freshId = () => `id-${process.pid}-${fresh++}`;

for (const path of ["/ids/", "/ids-later/"]) {
  test(`own ids (${path}): polling, POST, upgrade`, async ({ server }) => {
    const id = freshId();
    const session = await open(server, path, `&id=${id}`);
    assert.equal(session.sid, id);
    await session.post("4one");
    assert.equal(await nextMessage(session), "4one");
    const wire = await Wire.open(server, `${path}?EIO=4&transport=websocket&sid=${id}`);
    wire.send("2probe");
    assert.equal(await wire.next(), "3probe");
    wire.send("5");
    wire.send("4two");
    assert.equal(await wire.packet(), "4two");
    wire.close();
  });

  test(`own ids (${path}): WebSocket at once`, async ({ server }) => {
    const id = freshId();
    const wire = await Wire.open(server, `${path}?EIO=4&transport=websocket&id=${id}`);
    assert.equal(JSON.parse((await wire.next()).slice(1)).sid, id);
    wire.close();
  });

  test(`own ids (${path}): none is a bad request`, async ({ server }) => {
    const answer = await shake(server, path);
    assert.equal(answer.status, 400);
    assert.equal(answer.body, '{"code":3,"message":"Bad request"}');
    const told = (await errors(server)).at(-1);
    assert.deepEqual([told.code, told.context.name], [3, "ID_GENERATION_ERROR"]);
  });
}

test.naruOnly("own ids: many at once on every loop are found again", async ({ server }) => {
  const sessions = await Promise.all(Array.from({ length: 20 }, () => open(server, "/ids/", `&id=${freshId()}`)));
  await Promise.all(sessions.map(async (session) => {
    await session.post(`4${session.sid}`);
    assert.equal(await nextMessage(session), `4${session.sid}`);
  }));
});

test.naruOnly("own ids: one that is in use, and one that is no id, are refused", async ({ server }) => {
  const id = freshId();
  const session = await open(server, "/ids/", `&id=${id}`);
  for (const bad of [id, "", "with%20blank", "%C3%A9", "x".repeat(129)]) {
    assert.equal((await shake(server, "/ids/", `&id=${bad}`)).body, '{"code":3,"message":"Bad request"}', bad);
  }
  assert.equal((await shake(server, "/ids/", `&id=${"x".repeat(128)}`)).status, 200);
  await session.post("1");
  assert.equal((await shake(server, "/ids/", `&id=${id}`)).status, 200, "free again");
});

// Middleware

test("middleware: its headers are on the GET, the POST, errors and the 101", async ({ server }) => {
  const session = await open(server, "/middleware/");
  assert.equal((await session.post("4x")).headers["x-first"], "POST");
  assert.equal((await session.get()).headers["x-first"], "GET");
  const refused = await request(server, "/middleware/?EIO=4&transport=abc");
  assert.equal(refused.headers["x-first"], "GET");
  assert.equal(refused.body, '{"code":0,"message":"Transport unknown"}');
  assert.match(await upgradeHead(server, "/middleware/"), /^HTTP\/1\.1 101 [^]*x-first: upgrade\r\n/i);
});

test("middleware: its error is code 3, before all other checks", async ({ server }) => {
  const answer = await shake(server, "/middleware/", "&refuse=1");
  assert.equal(answer.status, 400);
  assert.equal(answer.body, '{"code":3,"message":"Bad request"}');
  assert.equal((await request(server, "/middleware/?transport=abc&refuse=1")).body, '{"code":3,"message":"Bad request"}');
  const told = (await errors(server)).at(-1);
  assert.deepEqual([told.code, told.message, told.context.name], [3, "Bad request", "MIDDLEWARE_FAILURE"]);
  const text = await rawExchange(server, handshakeHead("/middleware/?EIO=4&transport=websocket&refuse=1"), undefined, 2000);
  assert.match(text, /^HTTP\/1\.1 400 [^]*\r\n\r\nBad request$/);
});

test("middleware: may answer later, and set several cookies", async ({ server }) => {
  const answer = await shake(server, "/middleware/", "&slow=1");
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.headers["set-cookie"], ["slow=1", "and=steady"]);
});

test("middleware: a POST whose body comes while it thinks is whole", async ({ server }) => {
  const session = await open(server, "/middleware/");
  const text = "4" + "y".repeat(200_000);
  const answer = await request(server, session.url() + "&slow=1", { method: "POST", body: text });
  assert.equal(answer.body, "ok");
  assert.equal(await nextMessage(session), text);
});

test("middleware: runs before the upgrade of a session too", async ({ server }) => {
  const session = await open(server, "/middleware/");
  const answer = await refusedUpgrade(server, `/middleware/?EIO=4&transport=websocket&sid=${session.sid}&refuse=1`);
  assert.equal(answer.status, 400);
  await session.post("4still");
  assert.equal(await nextMessage(session), "4still");
});

// Headers

test("headers: initial ones on the handshake only, the others always", async ({ server }) => {
  const opened = await shake(server, "/headers/");
  assert.equal(opened.headers["x-initial"], "polling");
  assert.equal(opened.headers["x-every"], "GET");
  assert.deepEqual(opened.headers["set-cookie"], ["one=1", "two=2"]);
  const session = new Polling(server, "/headers/");
  session.sid = sidOf(opened);
  const post = await session.post("4x");
  const get = await session.get();
  assert.deepEqual([post.headers["x-every"], get.headers["x-every"]], ["POST", "GET"]);
  for (const answer of [post, get]) {
    assert.equal(answer.headers["x-initial"], undefined);
    assert.equal(answer.headers["set-cookie"], undefined);
  }
});

test("headers: on a WebSocket's handshake", async ({ server }) => {
  const head = await upgradeHead(server, "/headers/");
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.match(head, /\r\nx-initial: websocket\r\n/i);
  assert.match(head, /\r\nx-every: upgrade\r\n/i);
});

test.naruOnly("headers: several cookies on the 101 are several fields", async ({ server }) => {
  const head = await upgradeHead(server, "/headers/");
  assert.match(head, /\r\nset-cookie: one=1\r\n/i);
  assert.match(head, /\r\nset-cookie: two=2\r\n/i);
});

test("headers: an upgrade of a session has no initial ones", async ({ server }) => {
  const session = await open(server, "/headers/");
  const head = await upgradeHead(server, "/headers/", `&sid=${session.sid}`);
  assert.match(head, /\r\nx-every: upgrade\r\n/i);
  assert.doesNotMatch(head, /x-initial/i);
});

test("headers: refusals are not for hooks", async ({ server }) => {
  const answer = await request(server, "/headers/?EIO=4&transport=abc");
  assert.equal(answer.headers["x-every"], undefined);
});

test("headers: polling answers are not to be kept, and Internet Explorer is calmed", async ({ server }) => {
  for (const agent of ["Mozilla/5.0 (compatible;MSIE 10.0; Windows NT 6.1)", "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0)"]) {
    const answer = await shake(server, "/plain/", "", { "user-agent": agent });
    assert.equal(answer.headers["x-xss-protection"], "0", agent);
  }
  const session = await open(server, "/plain/");
  for (const answer of [await session.post("4x"), await session.get()]) {
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.headers["x-xss-protection"], undefined);
  }
});

// HTTP compression

const kLong = "4" + "naru ".repeat(2000);

async function echoed(server, path, acceptEncoding, body = kLong) {
  const session = await open(server, path);
  await session.post(body);
  return session.get({ headers: acceptEncoding === undefined ? {} : { "accept-encoding": acceptEncoding } });
}

for (const [accept, coding, decode] of [
  ["gzip, deflate", "gzip", gunzipSync],
  ["deflate, gzip", "deflate", inflateSync],
  ["deflate", "deflate", inflateSync],
  ["gzip;q=0.5, deflate", "deflate", inflateSync],
  ["*", "gzip", gunzipSync],
]) {
  test(`compression: ${accept} gets ${coding}`, async ({ server }) => {
    const answer = await echoed(server, "/plain/", accept);
    assert.equal(answer.headers["content-encoding"], coding);
    assert.equal(decode(answer.bytes).toString(), kLong);
    assert.equal(answer.type, "text/plain; charset=UTF-8");
  });
}

test("compression: not when it is off, not asked for, or not understood", async ({ server }) => {
  for (const [path, accept] of [["/no-compression/", "gzip"], ["/plain/", undefined], ["/plain/", "br"], ["/plain/", "gzip;q=0"]]) {
    const answer = await echoed(server, path, accept);
    assert.equal(answer.headers["content-encoding"], undefined, `${path} ${accept}`);
    assert.equal(answer.body, kLong);
  }
});

test("compression: from the threshold on", async ({ server }) => {
  const below = await echoed(server, "/plain/", "gzip", "4" + "x".repeat(1022));
  assert.equal(below.headers["content-encoding"], undefined);
  const at = await echoed(server, "/plain/", "gzip", "4" + "x".repeat(1023));
  assert.equal(at.headers["content-encoding"], "gzip");
});

// connection_error

for (const [what, path, options, expected] of [
  ["an unknown transport", "/plain/?EIO=4&transport=tobi", {}, { code: 0, message: "Transport unknown", context: { transport: "tobi" } }],
  ["a transport that is a JavaScript word", "/plain/?EIO=4&transport=constructor", {}, { code: 0, message: "Transport unknown", context: { transport: "constructor" } }],
  ["a prototype as transport", "/plain/?EIO=4&transport=__proto__", {}, { code: 0, message: "Transport unknown", context: { transport: "__proto__" } }],
  ["an unknown sid", "/plain/?EIO=4&transport=polling&sid=test", {}, { code: 1, message: "Session ID unknown", context: { sid: "test" } }],
  ["a bad method", "/plain/?EIO=4&transport=polling", { method: "OPTIONS" }, { code: 2, message: "Bad handshake method", context: { method: "OPTIONS" } }],
  ["a WebSocket without upgrade", "/plain/?EIO=4&transport=websocket", {}, { code: 3, message: "Bad request", context: { name: "TRANSPORT_HANDSHAKE_ERROR" } }],
  ["an old version", "/plain/?EIO=3&transport=polling", {}, { code: 5, message: "Unsupported protocol version", context: { protocol: "3" } }],
  ["a refusal", "/gate/?EIO=4&transport=polling&deny=why", {}, { code: 4, message: "Forbidden", context: { message: "you shall not pass" } }],
]) {
  test(`connection_error: ${what}`, async ({ server }) => {
    const answer = await request(server, path, options);
    assert.equal(answer.status, expected.code === 4 ? 403 : 400);
    const { code, message, context, url } = (await errors(server)).at(-1);
    assert.deepEqual({ code, message, context }, expected);
    assert.equal(url, path);
  });
}

test("connection_error: another transport, another version than the session's", async ({ server }) => {
  const session = await open(server, "/plain/");
  await request(server, `/plain/?EIO=4&transport=websocket&sid=${session.sid}`);
  assert.deepEqual((await errors(server)).at(-1).context, { name: "TRANSPORT_MISMATCH", transport: "websocket", previousTransport: "polling" });
  await request(server, `/plain/?EIO=3&transport=polling&sid=${session.sid}`);
  const { code, context } = (await errors(server)).at(-1);
  assert.deepEqual([code, context.name, context.protocol], [3, "PROTOCOL_MISMATCH", "3"]);
});

test("clients_count: up with a session, down with its end", async ({ server }) => {
  const count = async () => (await request(server, "/clients?path=/no-upgrades/")).body;
  const before = Number(await count());
  const session = await open(server, "/no-upgrades/");
  assert.equal(Number(await count()), before + 1);
  await session.post("1");
  await until(async () => Number(await count()) === before, "the count to go down");
});

test.naruOnly("close: sessions end, new ones are refused", async ({ server }) => {
  const session = await open(server, "/closing/");
  const waiting = session.get();
  const wire = await Wire.open(server, "/closing/?EIO=4&transport=websocket");
  await request(server, "/close?path=/closing/", { method: "POST" });
  assert.equal((await within(5000, waiting)).body, "1");
  await within(5000, wire.closed, "the WebSocket's end");
  await until(async () => (await request(server, "/clients?path=/closing/")).body === "0", "nobody left");
  assert.equal((await shake(server, "/closing/")).status, 503);
  assert.equal((await shake(server, "/plain/")).status, 200);
});

// The next message.
async function nextMessage(session) {
  return within(5000, session.packet());
}

await test.run();
