// The page's picture of a room's history: no holes, no repeats, whatever comes when.
import assert from "node:assert/strict";
import { suite } from "../interop/support/suite.mjs";
import { source } from "./support/bundle.mjs";

const { RoomLog, kMessagesKept } = await source("room_log");
const test = suite("room_log");

const message = (i) => ({ id: `m${i}`, position: `e.${i}`, kind: "text", text: String(i) });
const range = (from, to) => Array.from({ length: to - from }, (_, k) => message(from + k));
const ids = (log) => log.messages.map(({ id }) => Number(id.slice(1)));
const numbers = (from, to) => range(from, to).map(({ id }) => Number(id.slice(1)));

test("events stand in order, a repeat does not", async () => {
  const log = new RoomLog();
  for (const i of [1, 2, 2, 3, 1]) log.arrive(message(i));
  assert.deepEqual(ids(log), [1, 2, 3]);
  assert.equal(log.oldest, "e.1");
  assert.equal(log.newest, "e.3");
});

test("events of meanwhile are held back and merged behind the pages", async () => {
  const log = new RoomLog();
  log.reset(range(0, 5), false);
  log.hold();
  assert.equal(log.arrive(message(8)), false);
  assert.equal(log.arrive(message(9)), false);
  assert.deepEqual(ids(log), numbers(0, 5));
  assert.deepEqual(log.append(range(5, 7)).length, 2);
  log.append(range(7, 9));
  assert.deepEqual(log.release(), [message(9)]);
  assert.deepEqual(ids(log), numbers(0, 10));
});

// Every way in which a reconnect can fall between the messages 0…9: known up to k, the page ends at p, events from e on.
test("a reconnect at any moment leaves no hole and no repeat", async () => {
  for (let known = 0; known <= 10; known++) {
    for (let page = known; page <= 10; page++) {
      for (let events = 0; events <= page; events++) {
        const log = new RoomLog();
        log.reset(range(0, known), false);
        log.hold();
        for (let i = events; i < 10; i++) log.arrive(message(i));
        log.append(range(known, page));
        log.release();
        assert.deepEqual(ids(log), numbers(0, 10), `known ${known}, page to ${page}, events from ${events}`);
      }
    }
  }
});

test("a second synchronisation forgets what the first held", async () => {
  const log = new RoomLog();
  log.hold();
  log.arrive(message(4));
  log.hold();
  log.reset(range(0, 6), false);
  assert.deepEqual(log.release(), []);
  assert.deepEqual(ids(log), numbers(0, 6));
});

test("older pages go in front", async () => {
  const log = new RoomLog();
  log.reset(range(10, 15), true);
  assert.equal(log.prepend(range(5, 11), true).length, 5);
  log.prepend(range(0, 5), false);
  assert.deepEqual(ids(log), numbers(0, 15));
  assert.equal(log.more, false);
});

test("a long day is trimmed at its beginning, and can be asked for again", async () => {
  const log = new RoomLog();
  log.reset(range(0, kMessagesKept + 20), false);
  assert.equal(log.trim(), 20);
  assert.equal(log.trim(), 0);
  assert.equal(log.more, true);
  assert.equal(log.oldest, "e.20");
  assert.equal(log.prepend(range(0, 20), false).length, 20);
});

await test.run();
