// Closing the server, and the protocol violations that close a connection (the checklist's "close").
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { suite, until, within } from "./support/suite.mjs";
import { Polling } from "./support/engine.mjs";
import { ask, connectClient, event, kBoth, kPolling, kWebSocket, makeClient, upgraded } from "./support/client.mjs";

const test = suite("checklist_close", { profile: "interop" });
const kEndMs = 8000;

for (const transports of [kPolling, kWebSocket, kBoth]) {
  test(`${transports}: closing ends every client, then the process by itself, and its port is free`, async (context) => {
    const { server } = context;
    const others = await Promise.all([connectClient(context, { transports }), connectClient(context, { transports }, "/checks")]);
    const closer = await connectClient(context, { transports }, "/closing");
    if (transports === kBoth) await Promise.all([closer, ...others].map(upgraded));
    const ends = Promise.all([closer, ...others].map((socket) => event(socket, "disconnect")));
    closer.emit("close_server");
    // A polling client between two GETs meets a port that is closed.
    for (const [reason] of await ends) assert.match(reason, /^(io server disconnect|transport close|transport error)$/);
    await within(kEndMs, server.ended, "the end of the process");
    assert.equal(server.exited, "code 0");
    await until(() => server.log().includes("ended: server shutting down"), "the socket's reason");
    const probe = createServer().listen(server.port);
    await once(probe, "listening");
    await new Promise((resolve) => probe.close(resolve));
    await server.start();
  });
}

test("a timer that still runs does not keep the server", async (context) => {
  const { server } = context;
  const socket = await connectClient(context, {}, "/checks");
  socket.emit("sequence", "r", false); // in 50 ms
  const closer = await connectClient(context, {}, "/closing");
  closer.emit("close_server");
  await within(kEndMs, server.ended, "the end of the process");
  assert.equal(server.exited, "code 0");
  await server.start();
});

test("no second session once it closes: the client gives up after its attempts, once", async (context) => {
  const { server } = context;
  const socket = makeClient(context, { reconnection: true, reconnectionAttempts: 3, reconnectionDelay: 10, reconnectionDelayMax: 20 });
  await event(socket, "connect");
  let failures = 0;
  socket.io.on("reconnect_failed", () => failures++);
  const failed = event(socket.io, "reconnect_failed");
  await server.stop();
  if (!socket.active) socket.connect();
  await failed;
  assert.equal(failures, 1);
  await server.start();
});

// What is wrong, the packets, one POST each, and how many answers come before the end.
const kViolations = [
  ["several CONNECT", ["40", "40"]],
  ["EVENT before CONNECT", ['42["some event"]']],
  ["EVENT to a namespace that was not entered", ["40", '42/checks,["some event"]']],
  ["a packet that is none", ["40", "4abc"]],
  ["a packet type that is none", ["40", "49"]],
  ["CONNECT_ERROR from a client", ["40", '44{"message":"no"}']],
];
for (const [what, packets] of kViolations) {
  test(`${what} closes the connection: a close packet comes, the session is gone`, async (context) => {
    const session = new Polling(context.server, "/socket.io/");
    await session.open();
    for (const packet of packets) assert.equal((await session.post(packet)).status, 200);
    const got = [];
    while (!got.includes("1")) got.push(...(await session.packets()));
    assert.equal(got.at(-1), "1");
    const after = await session.get();
    assert.equal(after.body, '{"code":1,"message":"Session ID unknown"}');
    assert.equal(await ask(await connectClient(context), "echo", "the others go on"), "the others go on");
  });
}

await test.run();
