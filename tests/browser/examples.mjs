// The pages of the examples in real windows: what a person does there, and that the other window sees it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite, until } from "../interop/support/suite.mjs";
import { freePort } from "../interop/support/server.mjs";
import { launchBrowser } from "./support/window.mjs";

const test = suite("examples");
const browser = await launchBrowser();
const root = fileURLToPath(new URL("../../", import.meta.url));
const pictures = process.env.PICTURES; // a folder: each page is kept there as a person sees it

async function serve(context, name) {
  const port = await freePort();
  const server = spawn(path.join(path.dirname(process.env.NARU_BIN), "examples", name), [String(port)], { cwd: root, stdio: "ignore" });
  context.after(() => server.kill("SIGKILL"));
  const url = `http://localhost:${port}/`;
  await until(() => fetch(url).then(() => true, () => server.exitCode !== null), "the server", 15_000);
  assert.equal(server.exitCode, null);
  return url;
}

// Opened, and what went wrong on it fails the test.
async function open(context, url, size = { width: 1000, height: 700 }) {
  const page = await (await browser.newContext({ viewport: size })).newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  context.after(async () => {
    await page.context().close();
    assert.deepEqual(wrong, []);
  });
  await page.goto(url);
  return page;
}
const text = (page, selector) => page.locator(selector).innerText();
const shows = (page, selector, expected) => until(async () => expected.test(await text(page, selector)), `${selector} ${expected}`, 15_000);
const keep = (page, name) => pictures && page.screenshot({ path: path.join(pictures, `${name}.png`) });

test("live_score: a goal and a line of news reach the other window, and one that comes later", async (context) => {
  const url = await serve(context, "live_score");
  const [one, other] = [await open(context, url), await open(context, url)];
  await one.click("[data-side=home]");
  await shows(other, "#score", /^1 : 0$/);
  await one.fill("#words", "The band plays.");
  await one.press("#words", "Enter");
  await shows(other, "#lines", /The band plays\.\nGoal! 1 : 0/);
  const late = await open(context, url, { width: 390, height: 700 });
  await shows(late, "#lines", /The band plays\.\nGoal! 1 : 0/);
  await keep(late, "live_score");
});

test("stock_ticker: the newest price of each, five times a second", async (context) => {
  const page = await open(context, await serve(context, "stock_ticker"));
  await until(async () => (await page.locator("#prices tr").count()) === 6, "six prices", 15_000);
  await shows(page, "#rate", /^[1-9]\d$/);
  await keep(page, "stock_ticker");
});

test("dashboard: a page that comes later draws the past at once", async (context) => {
  const url = await serve(context, "dashboard");
  const points = (page) => page.$eval("#memory-line", (line) => (line.getAttribute("points") ?? "").split(" ").filter(Boolean).length);
  const first = await open(context, url);
  await until(async () => (await points(first)) >= 3, "three samples", 15_000);
  const late = await open(context, url);
  await until(async () => (await points(late)) >= 3, "the past");
  await shows(late, "#memory", /^\d+\.\d\d of \d+\.\d GiB$/);
  await keep(late, "dashboard");
});

test("board: a stroke is seen by others, and by those who come later", async (context) => {
  const url = `${await serve(context, "board")}?board=test`;
  const [one, other] = [await open(context, url), await open(context, url)];
  for (const page of [one, other]) await shows(page, "#state", /Connected/);
  await one.mouse.move(200, 250);
  await one.mouse.down();
  for (const [x, y] of [[260, 330], [380, 260], [520, 380]]) await one.mouse.move(x, y, { steps: 4 });
  await one.mouse.up();
  for (const page of [other, await open(context, url)]) {
    await shows(page, "#count", /^1 strokes$/);
    assert.ok(await page.$eval("#board", (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)));
  }
  await keep(other, "board");
  await other.click("#clear");
  await shows(one, "#count", /^0 strokes$/);
});

test("arena: boats move, thirty states a second", async (context) => {
  const url = await serve(context, "arena");
  const [one, other] = [await open(context, url), await open(context, url)];
  await shows(one, "#count", /^2$/);
  await shows(one, "#rate", /^[1-9]\d$/);
  const middle = (page) => page.$eval("#water", (canvas) => canvas.getContext("2d").getImageData(500, 300, 1, 1).data[3]);
  assert.notEqual(await middle(other), 0, "both boats begin there");
  for (const [page, key] of [[one, "ArrowLeft"], [other, "ArrowRight"]]) await page.keyboard.down(key);
  await until(async () => (await middle(other)) === 0, "they have left", 15_000);
  await keep(other, "arena");
});

test("devices: a command is answered by the lamp, and all windows see its state", async (context) => {
  const url = await serve(context, "devices");
  const [one, other] = [await open(context, url), await open(context, url)];
  await one.click("#add");
  await other.click(".card button:has-text('On')");
  await shows(other, "#answer", /^lamp-\d+: 200 \{"on":true\} after \d+ ms$/);
  await shows(one, ".card p", /^is on$/);
  await keep(one, "devices");
  assert.equal((await fetch(`${url}devices/nobody/commands`, { method: "POST", body: "{}" })).status, 404);
  await one.context().close();
  await shows(other, ".card p", /^has gone$/);
});

test("orders: paid, then told; what cannot be paid is not told", async (context) => {
  const url = await serve(context, "orders");
  const [one, other] = [await open(context, url), await open(context, url)];
  await one.fill("#amount", "0");
  await one.click("#pay button");
  await shows(one, "#answer", /cannot be paid/);
  await one.fill("#amount", "990");
  await one.click("#pay button");
  await shows(other, "#events", /^Paid: 990$/);
  await keep(other, "orders");
});

await test.run();
