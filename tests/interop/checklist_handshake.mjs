// CORS and the decision about a request (the checklist's "handshake"), with the options of `interop-options`.
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { request } from "./support/http.mjs";
import { refusedUpgrade } from "./support/engine.mjs";
import { connectClient, kPolling, kWebSocket, makeClient, refusal } from "./support/client.mjs";

const test = suite("checklist_handshake", { profile: "interop-options" });
const kUrl = "/socket.io/?EIO=4&transport=polling";
const kOrigin = "http://localhost:54023";

test("CORS headers on OPTIONS", async ({ server }) => {
  const { status, headers } = await request(server, kUrl, { method: "OPTIONS", headers: { origin: kOrigin } });
  assert.equal(status, 204);
  assert.equal(headers["access-control-allow-origin"], kOrigin);
  assert.equal(headers["access-control-allow-methods"], "GET,POST");
  assert.equal(headers["access-control-allow-headers"], "content-type");
  assert.equal(headers["access-control-allow-credentials"], "true");
});

test("CORS headers on GET", async ({ server }) => {
  const { status, headers } = await request(server, kUrl, { headers: { origin: kOrigin } });
  assert.equal(status, 200);
  assert.equal(headers["access-control-allow-origin"], kOrigin);
  assert.equal(headers["access-control-allow-credentials"], "true");
});

test("CORS by a pattern", async ({ server }) => {
  const { headers } = await request(server, kUrl, { headers: { origin: "http://127.0.0.1:8080" } });
  assert.equal(headers["access-control-allow-origin"], "http://127.0.0.1:8080");
});

test("CORS headers on the client script", async ({ server }) => {
  const { status, headers } = await request(server, "/socket.io/socket.io.js", { headers: { origin: kOrigin } });
  assert.equal(status, 200);
  assert.equal(headers["access-control-allow-origin"], kOrigin);
});

for (const transports of [kPolling, kWebSocket]) {
  test(`${transports}: a request that is allowed connects`, async (context) => {
    const socket = await connectClient(context, { transports });
    assert.equal(socket.connected, true);
  });

  test(`${transports}: a request that is refused does not`, async (context) => {
    const error = await refusal(makeClient(context, { transports, query: { deny: 1 } }));
    assert.match(error.message, /^(xhr poll error|websocket error)$/);
  });
}

test("a refusal is 403 with code 4", async ({ server }) => {
  const answer = await request(server, `${kUrl}&deny=1`);
  assert.equal(answer.status, 403);
  assert.equal(answer.body, '{"code":4,"message":"Forbidden"}');
});

test("a refused WebSocket is answered before 101", async ({ server }) => {
  const { status, body } = await refusedUpgrade(server, "/socket.io/?EIO=4&transport=websocket&deny=1");
  assert.equal(status, 400);
  assert.equal(body, "Forbidden");
});

await test.run();
