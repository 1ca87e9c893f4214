// Ends of connections: the reasons on both sides, rooms still there while disconnecting, coming back after a restart.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { Polling, Wire } from "./support/engine.mjs";
import { ask, connectClient, connected, event, kBoth, kPolling, kWebSocket, makeClient, upgraded } from "./support/client.mjs";

const test = suite("disconnects", { profile: "interop" });

// What the server says of that socket's end.
async function endOf(observer, id) {
  let found;
  await until(async () => (found = (await ask(observer, "ended")).find((end) => end.id === id)), `the end of ${id}`);
  return found;
}

const kEnds = [
  ["the client leaves the namespace", (socket) => socket.disconnect(), "io client disconnect", "client namespace disconnect"],
  ["the server ends the namespace", (socket) => socket.emit("disconnect_me", false), "io server disconnect", "server namespace disconnect"],
  ["the server ends the connection", (socket) => socket.emit("disconnect_me", true), "io server disconnect", "server namespace disconnect"],
];
for (const transports of [kPolling, kWebSocket]) {
  for (const [what, act, clientReason, serverReason] of kEnds) {
    test(`${transports}: ${what}`, async (context) => {
      const observer = await connectClient(context);
      const socket = await connectClient(context, { transports });
      const { id } = socket;
      await ask(socket, "join", ["b", "a"]);
      const ended = event(socket, "disconnect");
      act(socket);
      assert.equal((await ended)[0], clientReason);
      assert.deepEqual(await endOf(observer, id), { id, reason: serverReason, rooms: ["a", "b"] });
    });
  }
}

test("the connection is cut: transport close", async (context) => {
  const observer = await connectClient(context);
  const socket = await connectClient(context, { transports: kWebSocket });
  const { id } = socket;
  const ended = event(socket, "disconnect");
  socket.io.engine.transport.ws._socket?.destroy?.() ?? socket.io.engine.transport.ws.terminate();
  assert.match((await ended)[0], /^transport (close|error)$/);
  assert.equal((await endOf(observer, id)).reason, "transport close");
});

test("the client closes its engine: transport close", async (context) => {
  const observer = await connectClient(context);
  for (const transports of [kPolling, kWebSocket]) {
    const socket = await connectClient(context, { transports });
    const { id } = socket;
    socket.io.engine.close();
    assert.equal((await endOf(observer, id)).reason, "transport close");
  }
});

test("an engine packet of unknown type: parse error", async (context) => {
  const observer = await connectClient(context);
  const socket = await connectClient(context, { transports: kWebSocket });
  const { id } = socket;
  socket.io.engine.transport.ws.send("abc");
  assert.equal((await endOf(observer, id)).reason, "parse error");
});

test("a client that pings: transport error", async (context) => {
  const observer = await connectClient(context);
  const socket = await connectClient(context, { transports: kWebSocket });
  const { id } = socket;
  socket.io.engine.transport.ws.send("2");
  assert.equal((await endOf(observer, id)).reason, "transport error");
});

test("a broken Socket.IO packet: forced close", async (context) => {
  const observer = await connectClient(context);
  const socket = await connectClient(context, { transports: kWebSocket });
  const { id } = socket;
  socket.io.engine.transport.ws.send("4abc");
  assert.equal((await endOf(observer, id)).reason, "forced close");
});

test("a second CONNECT: forced close", async (context) => {
  const observer = await connectClient(context);
  const socket = await connectClient(context, { transports: kWebSocket });
  const { id } = socket;
  socket.io.engine.transport.ws.send("40");
  assert.equal((await endOf(observer, id)).reason, "forced close");
});

test("an upgraded session that is cut", async (context) => {
  const observer = await connectClient(context);
  const socket = await connectClient(context, { transports: kBoth });
  await upgraded(socket);
  const { id } = socket;
  socket.io.engine.transport.ws.terminate();
  assert.equal((await endOf(observer, id)).reason, "transport close");
});

test.newClientOnly("after the namespace ended, the same connection may enter it again", async (context) => {
  const socket = await connectClient(context);
  const engine = socket.io.engine.id;
  socket.emit("disconnect_me", false);
  await event(socket, "disconnect");
  const custom = socket.io.socket("/custom");
  await connected(custom);
  socket.connect();
  await connected(socket);
  assert.ok(engine);
  assert.equal(await ask(socket, "echo", 1), 1);
});

for (const transports of [kPolling, kWebSocket, kBoth]) {
  test(`${transports}: comes back after the server restarts, what was buffered arrives`, async (context) => {
    const { server } = context;
    const socket = makeClient(context, { transports, reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 });
    await connected(socket);
    const first = socket.id;
    const ended = event(socket, "disconnect");
    await server.stop();
    assert.match((await ended)[0], /^(transport close|transport error|io server disconnect|ping timeout)$/);
    const answer = new Promise((resolve) => socket.emit("echo", "kept", resolve));
    await server.start();
    if (!socket.active) socket.connect();
    await connected(socket);
    assert.notEqual(socket.id, first);
    assert.equal(await answer, "kept");
  });
}

test("a server that is killed is no different", async (context) => {
  const { server } = context;
  const socket = makeClient(context, { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 });
  await connected(socket);
  const ended = event(socket, "disconnect");
  await server.stop("SIGKILL");
  assert.match((await ended)[0], /^transport (close|error)$/);
  await server.start();
  await connected(socket);
  assert.equal(await ask(socket, "echo", 1), 1);
});

test("a session from before the restart is unknown", async ({ server }) => {
  const session = new Polling(server, "/socket.io/");
  await session.open();
  await server.stop();
  await server.start();
  const answer = await session.get();
  assert.equal(answer.status, 400);
  assert.equal(answer.body, '{"code":1,"message":"Session ID unknown"}');
});

test("stopping says goodbye", async ({ server }) => {
  const wire = await Wire.open(server, "/socket.io/?EIO=4&transport=websocket");
  await wire.next();
  const stopped = server.stop();
  await wire.closed;
  await stopped;
  assert.equal(server.exited, "code 0");
  await server.start();
});

await test.run();
