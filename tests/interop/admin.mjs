// The Admin UI's protocol, with npm's client: the same against the official instrument() (SERVER=reference). Titles
// that stand in quotes are those of its own tests.
import assert from "node:assert/strict";
import os from "node:os";
import { collect, connectClient, event, kPolling, kWebSocket, makeClient, refusal, upgraded } from "./support/client.mjs";
import { startServer } from "./support/server.mjs";
import { pause, suite, until } from "./support/suite.mjs";

const test = suite("admin");
const kHash = "$2b$10$nu1FHRkuxkZkqID.31gz4uQsyERZAn.m4IIruysTsHDODBtrqS5Me"; // "changeit"
const kLogin = ["--admin-username", "admin", "--admin-password", kHash];
const kSteering = ["EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"];

async function served(context, ...args) {
  const server = await startServer("interop", ["--admin", ...args]);
  context.after(() => server.stop());
  return { ...context, server };
}

// An administrator, and all that it is told, from the first word.
async function watching(context, options = {}) {
  const admin = makeClient(context, options, "/admin");
  const told = collect(admin);
  await event(admin, "config");
  return { admin, told };
}

// The arguments of the first `name` that is so, also of one that has come before.
async function heard({ told }, name, is = () => true) {
  const found = () => told.find(([each, ...values]) => each === name && is(...values));
  await until(found, `the admin hears ${name}`);
  return found().slice(1);
}

function isTime(text) {
  assert.equal(new Date(text).toISOString(), text);
}

test("'creates an admin namespace'", async (context) => {
  const admin = await connectClient(await served(context), {}, "/admin");
  assert.ok(admin.connected);
});

test("'creates an admin namespace with custom name'", async (context) => {
  const here = await served(context, "--admin-namespace", "/custom-admin");
  await event(makeClient(here, {}, "/custom-admin"), "config");
  assert.equal((await refusal(makeClient(here, {}, "/admin"))).message, "Invalid namespace");
});

// --- authentication ---

const kWrong = {
  "'prevents anonymous connection'": undefined,
  "'prevents connection with an invalid session ID'": { sessionId: "1234" },
  "a wrong password is refused": { username: "admin", password: "change it" },
  "a wrong user is refused": { username: "Admin", password: "changeit" },
  "an empty session ID is refused": { sessionId: "" },
};
for (const [title, auth] of Object.entries(kWrong)) {
  test(title, async (context) => {
    const error = await refusal(makeClient(await served(context, ...kLogin), { auth }, "/admin"));
    assert.equal(error.message, "invalid credentials");
  });
}

test.naruOnly("a password that is no text is refused", async (context) => {
  const here = await served(context, ...kLogin);
  for (const password of [undefined, null, 1, ["changeit"], "changeit\0", "x".repeat(5000)]) {
    const error = await refusal(makeClient(here, { auth: { username: "admin", password } }, "/admin"));
    assert.equal(error.message, "invalid credentials");
  }
});

test("'allows connection with valid credentials'", async (context) => {
  const auth = { username: "admin", password: "changeit" };
  await connectClient(await served(context, ...kLogin), { auth }, "/admin");
});

test("'allows connection with a valid session ID'", async (context) => {
  const here = await served(context, ...kLogin);
  const first = makeClient(here, { auth: { username: "admin", password: "changeit" } }, "/admin");
  const [sessionId] = await event(first, "session");
  assert.match(sessionId, /^[0-9a-f]{16,}$/);
  const { admin, told } = await watching(here, { auth: { sessionId } });
  await event(admin, "server_stats");
  assert.ok(!told.some(([name]) => name === "session"));
});

test.naruOnly("too many passwords from one address are refused before they are looked at", async (context) => {
  const here = await served(context, ...kLogin, "--admin-logins", "3");
  const wrong = { auth: { username: "admin", password: "guess" } };
  for (let i = 0; i < 3; i++) assert.equal((await refusal(makeClient(here, wrong, "/admin"))).message, "invalid credentials");
  const right = { auth: { username: "admin", password: "changeit" } };
  assert.equal((await refusal(makeClient(here, right, "/admin"))).message, "too many logins, try again in a minute");
});

// --- what may be done ---

const kFeatures = {
  "'returns the list of supported features'": [[], [...kSteering, "AGGREGATED_EVENTS", "ALL_EVENTS"]],
  "'returns an empty list of supported features when in readonly mode'": [["--admin-read-only"], ["AGGREGATED_EVENTS", "ALL_EVENTS"]],
  "'returns an empty list of supported features when in production mode'": [["--admin-read-only", "--admin-production"], ["AGGREGATED_EVENTS"]],
  "in production mode sockets can be steered": [["--admin-production"], [...kSteering, "AGGREGATED_EVENTS"]],
};
for (const [title, [args, expected]] of Object.entries(kFeatures)) {
  test(title, async (context) => {
    const [config] = await event(makeClient(await served(context, ...args), {}, "/admin"), "config");
    assert.deepEqual(config, { supportedFeatures: expected });
  });
}

// --- what is told ---

test("'returns the list of all sockets upon connection'", async (context) => {
  const here = await served(context);
  const client = await connectClient(here, { transports: kWebSocket });
  await client.timeout(5000).emitWithAck("join", "red");
  const seen = await watching(here);
  const [sockets] = await heard(seen, "all_sockets");
  assert.deepEqual(sockets.map(({ nsp, id }) => [nsp, id]).sort(), [["/", client.id], ["/admin", seen.admin.id]]);
  const [ours] = sockets.filter(({ nsp }) => nsp === "/");
  assert.deepEqual(ours.rooms.sort(), [client.id, "red"].sort());
  assert.equal(ours.transport, "websocket");
  assert.equal(typeof ours.clientId, "string");
  assert.deepEqual(Object.keys(ours).sort(), ["clientId", "data", "handshake", "id", "nsp", "rooms", "transport"]);
});

test("'emits administrative events'", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here, { transports: kWebSocket, query: { colour: "blue" }, auth: { secret: 1 } });
  const own = client.id;
  const is = (nsp, id) => nsp === "/" && id === own;
  const [socket, at] = await heard(seen, "socket_connected", ({ nsp, id }) => is(nsp, id));
  isTime(at);
  assert.equal(socket.transport, "websocket");
  assert.deepEqual(socket.rooms, [own]);
  assert.deepEqual(socket.data, {});
  const { handshake } = socket;
  assert.deepEqual(Object.keys(handshake).sort(), ["address", "headers", "issued", "query", "secure", "time", "url", "xdomain"]);
  assert.match(handshake.address, /^(::1|(::ffff:)?127\.0\.0\.1)$/);
  assert.equal(handshake.headers.host, `localhost:${here.server.port}`);
  assert.deepEqual([handshake.query.colour, handshake.query.EIO, handshake.query.transport], ["blue", "4", "websocket"]);
  assert.ok(Math.abs(Date.now() - handshake.issued) < 10_000);
  assert.equal(new Date(handshake.time).getTime(), Math.floor(handshake.issued / 1000) * 1000);
  assert.ok(handshake.url.startsWith("/socket.io/?"));
  assert.deepEqual([handshake.secure, handshake.xdomain], [false, false]);

  isTime((await heard(seen, "room_joined", (nsp, room, id) => is(nsp, id) && room === own))[3]);
  await client.timeout(5000).emitWithAck("join", "room1");
  isTime((await heard(seen, "room_joined", (nsp, room, id) => is(nsp, id) && room === "room1"))[3]);
  await client.timeout(5000).emitWithAck("leave", "room1");
  isTime((await heard(seen, "room_left", (nsp, room, id) => is(nsp, id) && room === "room1"))[3]);
  await client.timeout(5000).emitWithAck("join", ["a", "b"]);
  client.emit("disconnect_me", false);
  const [, , reason, when] = await heard(seen, "socket_disconnected", is);
  assert.equal(reason, "server namespace disconnect");
  isTime(when);
  for (const room of ["a", "b", own]) await heard(seen, "room_left", (nsp, left, id) => is(nsp, id) && left === room);
});

test("the order: rooms, then the socket; what it does comes after, its end last", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here, { transports: kWebSocket });
  await client.timeout(5000).emitWithAck("echo", 1);
  const { id: own } = client;
  client.disconnect();
  await heard(seen, "socket_disconnected", (nsp, id) => nsp === "/" && id === own);
  const order = seen.told.filter(([name, first]) => (first?.nsp ?? first) === "/").map(([name]) => name);
  assert.deepEqual(order.slice(0, 4), ["room_joined", "socket_connected", "event_sent", "event_received"]);
  assert.ok(order.includes("socket_disconnected"));
});

test("'emits event when socket.data is updated'", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here, { transports: kPolling }, "/counted");
  const [socket] = await heard(seen, "socket_connected", ({ nsp }) => nsp === "/counted");
  assert.deepEqual(socket.data, { count: 1, array: [1] });
  await client.timeout(5000).emitWithAck("count");
  await heard(seen, "socket_updated", ({ id, nsp, data }) => id === client.id && nsp === "/counted" && data?.count === 2);
  await client.timeout(5000).emitWithAck("push", 2);
  await heard(seen, "socket_updated", ({ id, data }) => id === client.id && String(data?.array) === "1,2");
});

test("an upgrade is told: socket_updated with the transport", async (context) => {
  const here = await served(context);
  const seen = await watching(here, { transports: kWebSocket });
  const client = await connectClient(here);
  const [socket] = await heard(seen, "socket_connected", ({ id }) => id === client.id);
  assert.equal(socket.transport, "polling");
  await upgraded(client);
  const [updated] = await heard(seen, "socket_updated", ({ id, transport }) => id === client.id && transport);
  assert.deepEqual(updated, { id: client.id, nsp: "/", transport: "websocket" });
});

test("sockets of one connection have one client ID", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here);
  const second = client.io.socket("/custom");
  const other = await connectClient(here);
  const idOf = async (nsp, id) => (await heard(seen, "socket_connected", (one) => one.nsp === nsp && one.id === id))[0].clientId;
  await until(() => second.connected, "the second namespace");
  assert.equal(await idOf("/", client.id), await idOf("/custom", second.id));
  assert.notEqual(await idOf("/", client.id), await idOf("/", other.id));
});

test("'supports dynamic namespaces'", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here, {}, "/dynamic-101");
  const [socket] = await heard(seen, "socket_connected", ({ id }) => id === client.id);
  assert.equal(socket.nsp, "/dynamic-101");
});

// --- events ---

const told = (seen, name, client, event) => heard(seen, name, (nsp, id, args) => nsp === "/talking" && id === client.id && args[0] === event);

test("'should track events sent to the client'", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here, {}, "/talking");
  const [, , args, at] = await told(seen, "event_sent", client, "hello");
  assert.deepEqual(args, ["hello", 1, "2", Buffer.from([3])]);
  isTime(at);
});

test("'should track events sent to the client (with ack)'", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = makeClient(here, {}, "/talking");
  client.on("asked", (answer) => answer("world"));
  assert.deepEqual(await event(client, "answered"), ["world"]);
  assert.deepEqual((await told(seen, "event_sent", client, "asked"))[2], ["asked"]);
});

test("'should track events received from the client'", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here, {}, "/talking");
  client.emit("hello", 1, "2", Buffer.from([3]));
  const [, , args, at] = await told(seen, "event_received", client, "hello");
  assert.deepEqual(args, ["hello", 1, "2", Buffer.from([3])]);
  isTime(at);
});

test("'should track events received from the client (with ack)'", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const client = await connectClient(here, {}, "/talking");
  assert.equal(await client.timeout(5000).emitWithAck("hello", "world"), "123");
  assert.deepEqual((await told(seen, "event_received", client, "hello"))[2], ["hello", "world"]);
});

test("a broadcast is told once for each receiver; events of administrators are not", async (context) => {
  const here = await served(context);
  const seen = await watching(here);
  const one = await connectClient(here, {}, "/talking");
  const two = await connectClient(here, {}, "/talking");
  one.emit("all", "twice");
  for (const client of [one, two]) assert.deepEqual((await told(seen, "event_sent", client, "said"))[2], ["said", "twice"]);
  seen.admin.emit("join", "/talking", "later", one.id);
  await heard(seen, "room_joined", (nsp, room) => room === "later");
  assert.equal(seen.told.filter(([name, , , args]) => name === "event_sent" && args[0] === "said").length, 2);
  assert.ok(!seen.told.some(([name, nsp]) => name.startsWith("event_") && nsp === "/admin"));
});

// --- what is done ---

// Two clients, both in the room `both`, the first in `one`.
async function pair(context, ...args) {
  const here = await served(context, ...args);
  const seen = await watching(here, { transports: kWebSocket });
  const clients = [await connectClient(here), await connectClient(here)];
  for (const client of clients) await client.timeout(5000).emitWithAck("join", "both");
  await clients[0].timeout(5000).emitWithAck("join", "one");
  const rooms = () => Promise.all(clients.map((client) => client.timeout(5000).emitWithAck("rooms")));
  return { ...seen, here, clients, rooms };
}

test("'performs administrative tasks'", async (context) => {
  const { admin, clients: [client], rooms } = await pair(context);
  const hello = event(client, "hello");
  admin.emit("emit", "/", client.id, "hello", "world");
  assert.deepEqual(await hello, ["world"]);
  admin.emit("join", "/", "room1", client.id);
  await until(async () => (await rooms())[0].includes("room1"), "it has joined");
  admin.emit("leave", "/", "room1", client.id);
  await until(async () => !(await rooms())[0].includes("room1"), "it has left");
  const gone = event(client, "disconnect");
  admin.emit("_disconnect", "/", false, client.id);
  assert.equal((await gone)[0], "io server disconnect");
});

test("a filter may be a room, or nothing: everybody", async (context) => {
  const { admin, clients: [one, two], rooms } = await pair(context);
  const events = [collect(one), collect(two)];
  admin.emit("emit", "/", "one", "word", { a: [1] }, Buffer.from("bytes"));
  admin.emit("emit", "/", undefined, "everybody");
  admin.emit("emit", "/", "nobody-is-here", "word");
  admin.emit("emit", "/", "both", "last");
  await until(() => events.every((all) => all.some(([name]) => name === "last")), "both have heard the last word");
  assert.deepEqual(events[0].filter(([name]) => name !== "hello"), [["word", { a: [1] }, Buffer.from("bytes")], ["everybody"], ["last"]]);
  assert.deepEqual(events[1].filter(([name]) => name !== "hello"), [["everybody"], ["last"]]);

  admin.emit("join", "/", "new");
  await until(async () => (await rooms()).every((all) => all.includes("new")), "all have joined");
  admin.emit("leave", "/", "both", "one");
  await until(async () => !(await rooms())[0].includes("both"), "one has left");
  assert.ok((await rooms())[1].includes("both"));
  admin.emit("leave", "/", "new");
  await until(async () => (await rooms()).every((all) => !all.includes("new")), "all have left");
  const gone = Promise.all([event(one, "disconnect"), event(two, "disconnect")]);
  admin.emit("_disconnect", "/", true);
  assert.deepEqual((await gone).map(([reason]) => reason), ["io server disconnect", "io server disconnect"]);
});

test("close ends the whole connection, without it one namespace", async (context) => {
  const here = await served(context);
  const { admin } = await watching(here, { transports: kWebSocket });
  const client = await connectClient(here);
  const second = client.io.socket("/custom");
  await event(second, "auth");
  admin.emit("_disconnect", "/", false, client.id);
  await event(client, "disconnect");
  assert.equal(await second.timeout(5000).emitWithAck("echo", 1), 1);
  const closed = event(client.io.engine, "close");
  admin.emit("_disconnect", "/custom", true, second.id);
  await closed;
});

test("read-only: nothing is done", async (context) => {
  const { admin, clients: [client], rooms } = await pair(context, "--admin-read-only");
  const events = collect(client);
  admin.emit("emit", "/", client.id, "word");
  admin.emit("join", "/", "new", client.id);
  admin.emit("leave", "/", "both", client.id);
  admin.emit("_disconnect", "/", true, client.id);
  await event(admin, "server_stats");
  await client.timeout(5000).emitWithAck("echo", 1);
  assert.deepEqual((await rooms())[0], [client.id, "both", "one"].sort());
  assert.deepEqual(events.filter(([name]) => name !== "hello"), []);
});

test.naruOnly("nonsense harms nobody: other types, reserved events, unknown namespaces", async (context) => {
  const { admin, here, clients: [client], rooms } = await pair(context);
  const nonsense = [[], [1], ["/", 1], ["/", [], {}], [null, null, null], ["/nowhere", "a", "b", "c"], ["/", {}, {}, {}], ["/", "a", [1]]];
  for (const args of nonsense) for (const name of ["emit", "join", "leave", "_disconnect"]) admin.emit(name, ...args);
  for (const reserved of ["connect", "disconnect", "newListener", "__proto__"]) admin.emit("emit", "/", client.id, reserved, 1);
  const last = event(client, "last");
  admin.emit("emit", "/", client.id, "last");
  await last;
  assert.ok((await rooms())[0].includes("one"));
  assert.equal((await refusal(makeClient(here, {}, "/nowhere"))).message, "Invalid namespace");
});

// --- production ---

test("production: counters, and nothing of single sockets", async (context) => {
  const { admin, told, clients: [client] } = await pair(context, "--admin-production");
  await client.timeout(5000).emitWithAck("echo", "hello");
  client.disconnect();
  await event(admin, "server_stats");
  await event(admin, "server_stats");
  const names = new Set(told.map(([name]) => name));
  assert.deepEqual([...names].sort(), ["config", "server_stats"]);
});

test("server_stats: who, how many, and what has passed, every two seconds", async (context) => {
  const here = await served(context, "--admin-server-id", "number one");
  const { admin, told } = await watching(here, { transports: kWebSocket });
  const polling = await connectClient(here, { transports: kPolling });
  const websocket = await connectClient(here, { transports: kWebSocket });
  assert.equal(await websocket.timeout(5000).emitWithAck("echo", "x".repeat(1000)), "x".repeat(1000));
  websocket.disconnect();
  await until(() => told.some(([name, , , reason]) => name === "socket_disconnected" && reason === "client namespace disconnect"), "it has gone");
  const before = Date.now();
  await event(admin, "server_stats");
  const [stats] = await event(admin, "server_stats");
  assert.ok(Date.now() - before < 4500);
  assert.equal(stats.serverId, "number one");
  assert.equal(stats.hostname, os.hostname());
  assert.ok(Number.isInteger(stats.pid) && stats.pid > 0);
  assert.ok(stats.uptime > 0 && stats.uptime < 60);
  assert.equal(stats.clientsCount, 2);
  assert.equal(stats.pollingClientsCount, 1);
  const counts = Object.fromEntries(stats.namespaces.map(({ name, socketsCount }) => [name, socketsCount]));
  assert.deepEqual([counts["/"], counts["/admin"], counts["/custom"]], [1, 1, 0]);

  const all = told.filter(([name]) => name === "server_stats").flatMap(([, { aggregatedEvents }]) => aggregatedEvents);
  for (const { timestamp, type, count } of all) {
    assert.equal(timestamp % 1000, 0);
    assert.ok(Math.abs(Date.now() - timestamp) < 15_000);
    assert.ok(["rawConnection", "rawDisconnection", "packetsIn", "packetsOut", "bytesIn", "bytesOut"].includes(type) && count > 0, type);
  }
  const sum = (type) => all.filter((each) => each.type === type).reduce((total, { count }) => total + count, 0);
  assert.ok(sum("rawConnection") >= 2 && sum("rawConnection") <= 3, "connections");
  assert.equal(sum("rawDisconnection"), 1);
  assert.deepEqual(all.filter(({ type }) => type === "rawDisconnection").map(({ subType }) => subType), ["transport close"]);
  assert.ok(sum("packetsIn") >= 4 && sum("packetsOut") >= 5, "packets");
  assert.ok(sum("bytesIn") > 1000 && sum("bytesOut") > 1000, "bytes");
  assert.ok(polling.connected);
});

test.naruOnly("the page is served, and nothing of it from elsewhere", async (context) => {
  const { server } = await served(context, "--admin-ui");
  const answer = await fetch(`${server.url}/admin/`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
  const page = await answer.text();
  assert.doesNotMatch(page, /https?:/);
  for (const [, name] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    assert.equal((await fetch(`${server.url}/admin/${name}`)).status, 200, name);
  }
  assert.equal(await (await fetch(`${server.url}/admin/server.js`)).text(), 'self.naru = {"path":"/socket.io","namespace":"/admin"};\n');
  const bare = await fetch(`${server.url}/admin`, { redirect: "manual" });
  assert.deepEqual([bare.status, bare.headers.get("location")], [308, "/admin/"]);
  assert.equal((await fetch(`${server.url}/admin/js/app.0d7d7845.js.map`)).status, 404);
});

test.naruOnly("without --admin-ui no page is there", async (context) => {
  const { server } = await served(context);
  assert.equal((await fetch(`${server.url}/admin/`)).status, 404);
});

await test.run();
