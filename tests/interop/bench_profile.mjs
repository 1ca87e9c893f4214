// The Socket.IO events of the `bench` profile, as the load generator uses them.
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { connectClient, event, kPolling, kWebSocket } from "./support/client.mjs";

const test = suite("bench_profile", { profile: "bench" });

test("echo answers with the text", async (context) => {
  const socket = await connectClient(context, { transports: kWebSocket });
  assert.equal(await socket.timeout(5000).emitWithAck("echo", "hello"), "hello");
});

test("msg reaches a room, on both transports, the sender too", async (context) => {
  const sockets = await Promise.all([kWebSocket, kPolling].map((transports) => connectClient(context, { transports })));
  await Promise.all(sockets.map((socket) => socket.timeout(5000).emitWithAck("join", "r")));
  const arrived = Promise.all(sockets.map((socket) => event(socket, "msg")));
  sockets[0].emit("msg", { room: "r", payload: { n: 1, text: "€" } });
  assert.deepEqual(await arrived, [[{ n: 1, text: "€" }], [{ n: 1, text: "€" }]]);
});

await test.run();
