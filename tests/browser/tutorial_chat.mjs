// The page of Socket.IO's tutorial in real windows, served by its port (examples/tutorial_chat).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite, until } from "../interop/support/suite.mjs";
import { freePort } from "../interop/support/server.mjs";
import { launchBrowser } from "./support/window.mjs";

const test = suite("tutorial_chat");
const browser = await launchBrowser();
const folder = await mkdtemp(path.join(tmpdir(), "naru-tutorial-"));
const port = await freePort();
const program = path.join(path.dirname(process.env.NARU_BIN), "examples/tutorial_chat");
const url = `http://localhost:${port}/`;
let server;

async function start() {
  server = spawn(program, [String(port), folder], { cwd: fileURLToPath(new URL("../../", import.meta.url)), stdio: "ignore" });
  await until(() => fetch(url).then(() => true, () => server.exitCode !== null), "the server");
  assert.equal(server.exitCode, null);
}

async function open(context) {
  const page = await (await browser.newContext()).newPage();
  context.after(() => page.context().close());
  await page.goto(url);
  return page;
}

async function say(page, text) {
  await page.fill("#input", text);
  await page.press("#input", "Enter");
}

const lines = (page) => page.locator("#messages li").allInnerTexts();
const shows = (page, expected) => until(async () => JSON.stringify(await lines(page)) === JSON.stringify(expected), expected.join(", "), 15_000);

test("what one window says stands in all, in those that come later, and once after the server was killed", async (context) => {
  await start();
  const [one, other] = [await open(context), await open(context)];
  await say(one, "first");
  await shows(other, ["first"]);
  await say(other, "second");
  await shows(one, ["first", "second"]);
  await shows(await open(context), ["first", "second"]);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGKILL");
  await ended;
  await say(one, "while nobody serves");
  await start();
  await shows(other, ["first", "second", "while nobody serves"]);
  await shows(one, ["first", "second", "while nobody serves"]);
  server.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
}, 60_000);

process.on("exit", () => server?.kill("SIGKILL"));
await test.run();
