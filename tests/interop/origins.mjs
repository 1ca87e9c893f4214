// The Origin rule, naru's one deliberate difference: no Origin, or the server's own, or one that was allowed; else 403.
import assert from "node:assert/strict";
import { suite, until } from "./support/suite.mjs";
import { handshakeHead, rawExchange, request } from "./support/http.mjs";

const test = suite("origins", { profile: "interop" });
const kHandshake = "/socket.io/?EIO=4&transport=polling";
const kSocket = "/socket.io/?EIO=4&transport=websocket";

// Each row: what, the Origin that is sent for this port, whether it is welcome.
const kOrigins = [
  ["none", () => undefined, true],
  ["its own", (port) => `http://localhost:${port}`, true],
  ["its own in capitals", (port) => `http://LOCALHOST:${port}`, true],
  ["another host", (port) => `http://example.org:${port}`, false],
  ["another port", (port) => `http://localhost:${port + 1}`, false],
  ["no port", () => "http://localhost", false],
  ["null", () => "null", false],
  ["its own as a prefix", (port) => `http://localhost:${port}.example.org`, false],
  ["its own behind user text", (port) => `http://localhost:${port}@example.org`, false],
];
for (const [what, make, welcome] of kOrigins) {
  test.naruOnly(`polling, Origin: ${what}`, async ({ server }) => {
    const origin = make(server.port);
    const answer = await request(server, kHandshake, { headers: { host: `localhost:${server.port}`, ...(origin && { origin }) } });
    assert.equal(answer.status, welcome ? 200 : 403);
    if (!welcome) assert.equal(answer.body, '{"code":4,"message":"Forbidden"}');
    if (!welcome) await until(() => /origin/i.test(server.log()), "a line in the log");
  });

  test.naruOnly(`websocket, Origin: ${what}`, async ({ server }) => {
    const origin = make(server.port);
    const head = handshakeHead(kSocket, { Host: `localhost:${server.port}`, ...(origin && { Origin: origin }) });
    const text = await rawExchange(server, head, (all) => all.includes("\r\n\r\n"));
    if (welcome) assert.match(text, /^HTTP\/1\.1 101 /);
    else assert.match(text, /^HTTP\/1\.1 (403|400) /);
  });
}

test("control characters in Origin are refused", async ({ server }) => {
  const text = await rawExchange(server, handshakeHead(kSocket, { Origin: "http://\x01" }), (all) => all.includes("\r\n\r\n"));
  assert.match(text, /^HTTP\/1\.1 40[03] /);
});

await test.run();
