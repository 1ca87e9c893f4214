// What other implementations' suites ask beyond the protocol's own: the server asks back, in both namespaces.
import assert from "node:assert/strict";
import { suite } from "./support/suite.mjs";
import { connectClient, event, kPolling, kWebSocket } from "./support/client.mjs";

const test = suite("socketio_extra", { profile: "socketio-extra" });

for (const transports of [kPolling, kWebSocket]) {
  for (const namespace of ["/", "/custom"]) {
    for (const [kind, values] of [["text", [1, "2", { 3: [null] }]], ["binary", [Buffer.from([1, 2, 3]), { deep: Buffer.from("4") }]]]) {
      test(`${transports}, ${namespace}: asks back with ${kind}, and sends what was answered`, async (context) => {
        const socket = await connectClient(context, { transports }, namespace);
        const question = event(socket, "emit-with-ack");
        socket.emit("emit-with-ack", ...values);
        const asked = await question;
        const ack = asked.pop();
        assert.deepEqual(asked, values);
        const answer = event(socket, "emit-with-ack");
        ack("so", ...values);
        assert.deepEqual(await answer, ["so", ...values]);
      });
    }
  }
}

await test.run();
