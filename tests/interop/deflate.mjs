// permessage-deflate on a bare WebSocket, against npm's client and by hand.
import assert from "node:assert/strict";
import { once } from "node:events";
import { deflateRawSync, constants } from "node:zlib";
import { suite } from "./support/suite.mjs";
import { clientFrame, messages, openSocket, watchFrames } from "./support/frames.mjs";
import { handshakeHead, rawExchange } from "./support/http.mjs";

const test = suite("deflate", { profile: "echo" });

const kText = 0xc1; // final, compressed
const words = (size, seed = 1) => {
  let text = "";
  for (let i = seed; text.length < size; i = (i * 48271) % 2147483647) text += `word${i % 1000} é `;
  return text.slice(0, size);
};
const noise = (size) => Buffer.from(Array.from({ length: size }, (_, i) => (i * i * 2654435761) >>> 24));

async function agreement(server, ...offers) {
  const fields = offers.map((offer) => `Sec-WebSocket-Extensions: ${offer}\r\n`).join("");
  const head = handshakeHead("/").replace(/\r\n$/, `${fields}\r\n`);
  const answer = await rawExchange(server, head, (text) => text.includes("\r\n\r\n"));
  assert.match(answer, /^HTTP\/1\.1 101 /);
  return /sec-websocket-extensions: (.*)\r\n/i.exec(answer)?.[1];
}

test.naruOnly("what is agreed is what was asked for", async ({ server }) => {
  const asked = [
    "", "; server_no_context_takeover", "; client_no_context_takeover",
    "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=10",
    ...[8, 9, 10, 11, 12, 13, 14, 15].flatMap((bits) => [`; server_max_window_bits=${bits}`, `; client_max_window_bits=${bits}`]),
  ];
  for (const parameters of asked) {
    assert.equal(await agreement(server, `permessage-deflate${parameters}`), `permessage-deflate${parameters}`);
  }
  assert.equal(await agreement(server, "permessage-deflate; client_max_window_bits"), "permessage-deflate");
});

test.naruOnly("offers that are wrong are passed over, in one field or several", async ({ server }) => {
  const wrong = ["; unknown", "; server_max_window_bits=7", "; server_max_window_bits=16", "; server_max_window_bits",
    "; client_max_window_bits=09", "; server_no_context_takeover=1", "; server_no_context_takeover; server_no_context_takeover"];
  for (const parameters of wrong) {
    const offer = `permessage-deflate${parameters}`;
    assert.equal(await agreement(server, offer), undefined, offer);
    assert.equal(await agreement(server, `${offer}, permessage-deflate; server_max_window_bits="11"`), "permessage-deflate; server_max_window_bits=11");
    assert.equal(await agreement(server, "x-other", offer, "permessage-deflate"), "permessage-deflate");
  }
  assert.equal(await agreement(server, "permessage-deflate;"), undefined);
});

const kSwitches = [undefined, true];
const kBits = [undefined, 8, 9, 12, 15];
for (const serverNoContextTakeover of kSwitches) {
  for (const clientNoContextTakeover of kSwitches) {
    test.naruOnly(`messages come back whole: no takeover of the server ${!!serverNoContextTakeover}, of the client ${!!clientNoContextTakeover}`, async (context) => {
      for (const serverMaxWindowBits of kBits) {
        for (const clientMaxWindowBits of kBits) {
          const perMessageDeflate = { threshold: 0, serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits };
          const socket = await openSocket(context, "/", { perMessageDeflate });
          const sent = ["hello", words(5000), words(5000), "", noise(3000), noise(3000), words(100_000, 7), Buffer.alloc(70_000), words(40, 3), words(40, 3)];
          const back = messages(socket, sent.length);
          for (const message of sent) socket.send(message);
          assert.deepEqual(await back, sent);
          socket.close();
        }
      }
    });
  }
}

test.naruOnly("a second message refers to the first when that was agreed", async (context) => {
  for (const [serverNoContextTakeover, smaller] of [[undefined, true], [true, false]]) {
    const socket = await openSocket(context, "/", { perMessageDeflate: { serverNoContextTakeover } });
    const frames = watchFrames(socket);
    const text = words(5000);
    const back = messages(socket, 2);
    socket.send(text);
    socket.send(text);
    await back;
    assert.ok(frames.every((frame) => frame.compressed && frame.size < text.length));
    assert.equal(frames[1].size < frames[0].size / 5, smaller, `${frames[0].size}, then ${frames[1].size}`);
  }
});

test.naruOnly("compressed messages come in fragments, with control frames between them", async (context) => {
  const socket = await openSocket(context, "/", { perMessageDeflate: { threshold: 0 } });
  const parts = Array.from({ length: 200 }, (_, i) => words(1 + (i * 37) % 300, i + 1));
  for (let round = 0; round < 2; round++) {
    const back = messages(socket, 1);
    for (const part of parts) {
      socket.send(part, { fin: false, compress: true });
      if (part.length % 10 === 0) socket.ping("between");
    }
    socket.send("end", { fin: true, compress: true });
    assert.deepEqual(await back, [parts.join("") + "end"]);
  }
});

test.naruOnly("what does not shrink, and what shall not be compressed, comes back as it is", async (context) => {
  const perMessageDeflate = { serverNoContextTakeover: true };
  for (const [path, message, compressed] of [["/", words(3000), true], ["/", noise(3000), false], ["/", "hi", false], ["/plain", words(3000), false]]) {
    const socket = await openSocket(context, path, { perMessageDeflate });
    const frames = watchFrames(socket);
    const back = messages(socket, 1);
    socket.send(message);
    assert.deepEqual(await back, [message]);
    assert.deepEqual(frames.map((frame) => frame.compressed), [compressed]);
  }
});

test.naruOnly("a client that offers nothing gets nothing compressed", async (context) => {
  const socket = await openSocket(context, "/", { perMessageDeflate: false });
  assert.equal(socket.extensions, "");
  const frames = watchFrames(socket);
  const back = messages(socket, 1);
  socket.send(words(10_000));
  await back;
  assert.deepEqual(frames.map((frame) => frame.compressed), [false]);
});

test.naruOnly("sixteen mebibytes, and 65536 fragments", async (context) => {
  const socket = await openSocket(context, "/", { perMessageDeflate: { threshold: 0 }, maxPayload: 32 << 20 });
  const large = Buffer.alloc(16 << 20, words(50_000));
  let back = messages(socket, 1);
  socket.send(large);
  assert.ok((await back)[0].equals(large));

  back = messages(socket, 1);
  const payload = deflateRawSync(words(65_536 * 8), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  const bytes = [clientFrame(0x41, payload.subarray(0, 1))];
  for (let i = 1; i < 65_535; i++) bytes.push(clientFrame(0x00, payload.subarray(i, i + 1)));
  bytes.push(clientFrame(0x80, payload.subarray(65_535)));
  socket._socket.write(Buffer.concat(bytes));
  assert.equal((await back)[0], words(65_536 * 8));
}, 60_000);

const compressed = (text, flush = constants.Z_SYNC_FLUSH) => deflateRawSync(text, { finishFlush: flush });
const message = (text) => clientFrame(kText, compressed(text).subarray(0, -4));

const kBreaches = [
  ["a bomb", 1009, () => clientFrame(kText, compressed(Buffer.alloc(17 << 20)).subarray(0, -4))],
  ["broken data", 1007, () => clientFrame(kText, [0xff, 0xff, 0xff, 0xff])],
  ["data that ends inside a block", 1007, () => clientFrame(kText, compressed(words(1000)).subarray(0, -20))],
  ["no data at all", 1007, () => clientFrame(kText, [])],
  ["text that is not UTF-8", 1007, () => message(Buffer.from([0x61, 0xff]))],
  ["text that ends inside a character", 1007, () => message(Buffer.from([0x61, 0xc3]))],
  ["a compressed ping", 1002, () => clientFrame(0xc9, [])],
  ["a compressed close", 1002, () => clientFrame(0xc8, [])],
  ["a compressed bit on a continuation", 1002, () => Buffer.concat([clientFrame(0x41, [0]), clientFrame(0xc0, [0])])],
  ["RSV2", 1002, () => clientFrame(0xa1, [])],
  ["RSV1 with RSV3", 1002, () => clientFrame(0xd1, [])],
];
for (const [what, code, bytes] of kBreaches) {
  test.naruOnly(`${what} is ${code}, behind the answer to what came before`, async (context) => {
    const socket = await openSocket(context, "/");
    const back = messages(socket, 1);
    const closed = once(socket, "close");
    socket._socket.write(Buffer.concat([message("good"), bytes()]));
    assert.deepEqual(await back, ["good"]);
    assert.equal((await closed)[0], code);
  });
}

test.naruOnly("blocks that call themselves the last are read on", async (context) => {
  const socket = await openSocket(context, "/");
  const last = (text) => deflateRawSync(text, { finishFlush: constants.Z_FINISH });
  const back = messages(socket, 4);
  socket._socket.write(Buffer.concat([
    clientFrame(kText, [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00]), // RFC 7692 7.2.3.5
    clientFrame(kText, Buffer.concat([last("one "), last("two"), Buffer.from([0])])),
    clientFrame(kText, last("without an end")),
    message("after"),
  ]));
  assert.deepEqual(await back, ["Hello", "one two", "without an end", "after"]);
});

await test.run();
