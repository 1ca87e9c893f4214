// What the transport lab makes of its figures: percentiles, the table, the CSV, and what it publishes.
import assert from "node:assert/strict";
import { suite } from "../interop/support/suite.mjs";
import { source } from "./support/bundle.mjs";

const { Samples } = await source("lab/samples");
const { advise, csv } = await source("lab/advice");
const { base64Of, decode, encodeBinary, encodeText } = await source("lab/letter");
const test = suite("lab advice");

const lane = (transport, given = {}) => ({
  transport, state: "open", now: 1, p50: 10, p95: 20, p99: 30, samples: 100, messages: 100, lost: 0, twice: 0,
  requests: 1, opened: 1, held: 1, overheadIn: 1000, overheadOut: 1000, payloadIn: 5000, ...given,
});

test("percentiles by nearest rank, of the newest", async () => {
  const samples = new Samples(100);
  assert.deepEqual(samples.percentiles([0.5]), [null]);
  for (let i = 1; i <= 1000; i++) samples.add(i);
  assert.equal(samples.count, 100);
  assert.deepEqual(samples.percentiles([0.5, 0.95, 0.99, 1]), [950, 995, 999, 1000]);
  samples.clear();
  samples.add(7);
  assert.deepEqual(samples.percentiles([0.5, 0.99]), [7, 7]);
});

test("who is best is marked, and whoever is as good", async () => {
  const rows = advise([
    lane("poll", { p50: 500, requests: 50 }),
    lane("sse", { p50: 10.2, overheadIn: 500, overheadOut: 0 }),
    lane("websocket", { p50: 10 }),
    lane("socketio", { p50: 1, samples: 3 }), // too few to speak of
  ], 50);
  assert.deepEqual(rows.map(({ best }) => best), [[], ["fastest", "leanest", "calmest"], ["fastest", "calmest"], []]);
  const [poll, sse, webSocket] = rows;
  assert.deepEqual([poll.requests, sse.overhead, sse.inflation], [50, 5, 1.1]);
  assert.deepEqual([sse.direction, webSocket.direction], ["down", "both"]);
});

test("nothing measured yet: no best, no division by nothing", async () => {
  const none = { p50: null, p95: null, p99: null, now: null, samples: 0, messages: 0, requests: 0, overheadIn: 0, overheadOut: 0, payloadIn: 0 };
  for (const row of advise([lane("poll", none), lane("sse", none)], 64)) {
    assert.deepEqual([row.isEnough, row.best, row.overhead, row.requests], [false, [], 0, 0]);
  }
});

test("the CSV has a line for each transport and a cell for each column", async () => {
  const text = csv([lane("poll", { p50: 1.23456 }), lane("sse", { now: null })], { kind: "text", size: 64, rate: 10 });
  const lines = text.split("\r\n").map((line) => line.split(","));
  assert.equal(lines.length, 4); // the last one is empty
  assert.deepEqual(lines.slice(0, 3).map(({ length }) => length), Array(3).fill(lines[0].length));
  const cell = (row, name) => lines[row][lines[0].indexOf(name)];
  assert.deepEqual([cell(1, "transport"), cell(1, "latency_p50_ms"), cell(2, "latency_now_ms"), cell(1, "data_bytes")], ["poll", "1.235", "", "64"]);
});

test("a letter of each kind has its size and comes back", async () => {
  const letter = { number: 12345, sent: 67.891 };
  for (const size of [128, 16_384]) {
    assert.equal(encodeText(letter, size).length, size);
    assert.equal(encodeBinary(letter, size).length, size);
    assert.deepEqual(decode({ position: "1", base64: base64Of(encodeBinary(letter, size)) }), letter);
    const { number, sent } = decode({ position: "1", data: JSON.parse(encodeText(letter, size)) });
    assert.deepEqual({ number, sent }, letter);
  }
  for (const other of [{ text: "hello" }, { data: null }, { data: [1] }, { data: { number: "1" } }, { base64: "AAAA" }]) {
    assert.equal(decode({ position: "1", ...other }), null);
  }
});

await test.run();
