// The client script under the Socket.IO path: eight names, byte for byte npm's, with ETag and 304.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import path from "node:path";
import { suite } from "./support/suite.mjs";
import { request } from "./support/http.mjs";

const test = suite("client_files", { profile: "interop" });
const folder = path.join(path.dirname(createRequire(import.meta.url).resolve("socket.io-client/package.json")), "dist");
const { version } = JSON.parse(await readFile(path.join(folder, "../package.json"), "utf8"));
const kScripts = ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"];
const kEtag = `"${version}"`;

for (const name of kScripts.flatMap((script) => [script, `${script}.map`])) {
  test(`${name} is npm's file`, async ({ server }) => {
    const answer = await request(server, `/socket.io/${name}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.type, name.endsWith(".map") ? "application/json; charset=utf-8" : "application/javascript; charset=utf-8");
    assert.equal(answer.headers.etag, kEtag);
    assert.equal(answer.headers["cache-control"], "public, max-age=0");
    assert.deepEqual(answer.bytes, await readFile(path.join(folder, name)));
  });

  test(`${name}: 304 to what is known`, async ({ server }) => {
    for (const known of [kEtag, `W/${kEtag}`]) {
      const answer = await request(server, `/socket.io/${name}`, { headers: { "if-none-match": known } });
      assert.equal(answer.status, 304, known);
      assert.equal(answer.body, "");
    }
    const other = await request(server, `/socket.io/${name}`, { headers: { "if-none-match": '"4.0.0"' } });
    assert.equal(other.status, 200);
  });
}

test("a query is ignored", async ({ server }) => {
  assert.equal((await request(server, "/socket.io/socket.io.js?v=1")).status, 200);
});

// As npm's `accepts` chooses: by weight, then in the client's order.
for (const [accept, coding, decode] of [
  ["gzip,br,deflate", "gzip", gunzipSync],
  ["br,gzip,deflate", "br", brotliDecompressSync],
  ["deflate", "deflate", inflateSync],
  ["gzip;q=0.5, br;q=0.9", "br", brotliDecompressSync],
  ["*", "br", brotliDecompressSync],
  ["identity", undefined, (bytes) => bytes],
  ["gzip;q=0, zstd", undefined, (bytes) => bytes],
]) {
  test(`accept-encoding "${accept}" gets ${coding ?? "the file as it is"}`, async ({ server }) => {
    for (const name of ["socket.io.js", "socket.io.min.js.map"]) {
      const answer = await request(server, `/socket.io/${name}`, { headers: { "accept-encoding": accept } });
      assert.equal(answer.headers["content-encoding"], coding);
      assert.equal(answer.headers.etag, kEtag);
      assert.deepEqual(decode(answer.bytes), await readFile(path.join(folder, name)));
    }
  });
}

test.naruOnly("caches keep the codings apart", async ({ server }) => {
  const answer = await request(server, "/socket.io/socket.io.js", { headers: { "accept-encoding": "br" } });
  assert.match(answer.headers.vary, /Accept-Encoding/);
  const known = await request(server, "/socket.io/socket.io.js", { headers: { "accept-encoding": "br", "if-none-match": kEtag } });
  assert.equal(known.status, 304);
});

test("another name under the path is Engine.IO's: 400 code 0", async ({ server }) => {
  const answer = await request(server, "/socket.io/socket.io.nothing.js");
  assert.equal(answer.status, 400);
  assert.equal(answer.body, '{"code":0,"message":"Transport unknown"}');
});

test("beside the path are the application's routes", async ({ server }) => {
  assert.equal((await request(server, "/")).body, "interop");
  assert.equal((await request(server, "/nothing")).status, 404);
});

await test.run();
