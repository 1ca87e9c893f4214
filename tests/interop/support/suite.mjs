// A suite of asynchronous tests, run in order; each has a time limit. Prints failures and one summary line.
//   const test = suite("rooms", { profile: "interop" });
//   test("joins", async ({ server }) => { … });
//   await test.run();
// `parser` (or PARSER=NAME in the environment) names the parser of both ends: see parsers.mjs.
import { startServer, againstReference } from "./server.mjs";

const kTestLimitMs = 20_000;

export function suite(name, { profile, args = [], parser = process.env.PARSER } = {}) {
  const tests = [];
  const add = (title, body, limit = kTestLimitMs) => tests.push({ title, body, limit });
  add.naruOnly = (title, body, limit) => againstReference || add(title, body, limit);
  add.newClientOnly = (title, body, limit) => process.env.CLIENT === "4.0" || add(title, body, limit);
  add.run = () => run(name, tests, { profile, args, parser });
  return add;
}

async function run(name, tests, { profile, args, parser }) {
  const only = process.env.ONLY;
  if (process.env.LIST) return tests.forEach(({ title }) => console.log(title)); // what there is, without running it
  const server = profile && (await startServer(profile, parser ? [...args, "--parser", parser] : args));
  let passed = 0;
  let failed = 0;
  for (const { title, body, limit } of tests) {
    if (only && !title.includes(only)) continue;
    const cleanups = [];
    const context = { server, parser, after: (cleanup) => cleanups.push(cleanup) };
    try {
      await within(limit, body(context));
      if (server?.exited) throw new Error(`the server ended: ${server.exited}`);
      passed++;
    } catch (error) {
      failed++;
      console.log(`not ok: ${title}\n${indent(error?.stack ?? String(error))}`);
      if (server?.exited) await server.start();
    }
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
  await server?.stop();
  if (failed && server?.log()) console.log(`what the server said last:\n${indent(server.log())}`);
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

// Settles as the promise does, or fails after `ms`.
export function within(ms, promise, what = "this test") {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Asks `condition` again until it is true; for states that only the other process knows.
export async function until(condition, what, ms = 5000) {
  const end = Date.now() + ms;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// So long a request is given to arrive at a busy server, where nothing on the wire says that it has; well under
// the 300 ms after which the protocol profiles ping.
export const kSettle = 120;
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function indent(text) {
  return text.replace(/^/gm, "    ");
}
