// What was written: in order, one at a time, the same id until it is taken, kept over a reload.
import assert from "node:assert/strict";
import { suite, until } from "../interop/support/suite.mjs";
import { source } from "./support/bundle.mjs";

const { Outbox } = await source("outbox");
const test = suite("outbox");

class Shelf {
  kept = new Map();
  getItem(key) { return this.kept.get(key) ?? null; }
  setItem(key, value) { this.kept.set(key, value); }
  removeItem(key) { this.kept.delete(key); }
}

// An outbox whose tries are answered by `outcomes` in turn, then taken.
function make(outcomes = [], shelf = new Shelf()) {
  const tries = [];
  const carrier = {
    tries, shelf,
    async deliver({ id, text }) {
      tries.push([id, text]);
      const outcome = outcomes.shift() ?? { taken: true };
      return typeof outcome === "function" ? outcome() : outcome;
    },
    changed() {},
  };
  return { ...carrier, outbox: new Outbox("r1", carrier, shelf) };
}
const text = (words) => ({ kind: "text", text: words });
const texts = (tries) => tries.map(([, words]) => words);
const states = (outbox) => outbox.letters.map(({ state }) => state);

test("letters go in order, one at a time", async () => {
  let waiting = 0;
  const slow = async () => { assert.equal(waiting++, 0); await null; waiting--; return { taken: true }; };
  const { outbox, tries } = make([slow, slow, slow]);
  for (const words of ["a", "b", "c"]) outbox.put(text(words));
  await until(() => tries.length === 3, "three tries");
  assert.deepEqual(texts(tries), ["a", "b", "c"]);
  await until(() => states(outbox).every((state) => state === "sent"), "all sent");
});

test("a line that is down keeps the order and the ids", async () => {
  const { outbox, tries } = make([{ again: 0 }]);
  outbox.put(text("a"));
  outbox.put(text("b"));
  await until(() => tries.length === 1 && states(outbox)[0] === "waiting", "the first try");
  await outbox.flush();
  assert.deepEqual(texts(tries), ["a", "a", "b"]);
  assert.equal(tries[0][0], tries[1][0]);
  assert.match(tries[0][0], /^[A-Za-z0-9_-]{22}$/);
});

test("'later' is tried again by itself", async () => {
  const { outbox, tries } = make([{ again: 5 }, { again: 5 }]);
  outbox.put(text("a"));
  await until(() => states(outbox)[0] === "sent", "the third try");
  assert.equal(new Set(tries.map(([id]) => id)).size, 1);
});

test("what is refused stands as failed, the next goes on; it may be tried again or dropped", async () => {
  const { outbox, tries } = make([{ refused: "too_long" }]);
  outbox.put(text("a"));
  outbox.put(text("b"));
  await until(() => tries.length === 2, "two tries");
  assert.deepEqual(states(outbox), ["failed", "sent"]);
  assert.equal(outbox.letters[0].error, "too_long");
  outbox.retry(outbox.letters[0].id);
  await until(() => states(outbox)[0] === "sent", "the second try");
  assert.equal(tries[0][0], tries[2][0]);
  outbox.drop(outbox.letters[0].id);
  assert.equal(outbox.letters.length, 1);
});

test("a reload keeps texts that are not taken, with their ids", async () => {
  const shelf = new Shelf();
  const first = make([() => new Promise(() => {})], shelf);
  first.outbox.put(text("in flight"));
  first.outbox.put(text("behind"));
  const second = make([], shelf);
  await second.outbox.flush();
  assert.deepEqual(texts(second.tries), ["in flight", "behind"]);
  assert.equal(second.tries[0][0], first.tries[0][0]);
  assert.equal(shelf.kept.size, 0);
});

test("a broken shelf is an empty one, a full one is no harm", async () => {
  const shelf = new Shelf();
  shelf.setItem("naru.outbox.r1", "{broken");
  shelf.setItem = () => { throw new Error("full"); };
  const { outbox, tries } = make([], shelf);
  assert.equal(outbox.letters.length, 0);
  outbox.put(text("a"));
  await until(() => tries.length === 1, "the try");
});

test("more than can wait is refused", async () => {
  const { outbox } = make([() => new Promise(() => {})]);
  for (let i = 0; i < 200; i++) assert.equal(outbox.put(text("a")), true);
  assert.equal(outbox.put(text("a")), false);
});

await test.run();
