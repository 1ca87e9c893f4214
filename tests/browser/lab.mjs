// The transport lab in a real browser: NARU_BIN=…/naru node tests/browser/lab.mjs. Pictures go to build/screenshots.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Serving } from "../interop/support/command.mjs";
import { suite } from "../interop/support/suite.mjs";
import { kPhone, launchBrowser } from "./support/window.mjs";

const kShots = new URL("../../build/screenshots/", import.meta.url).pathname;
const kLimitMs = 90_000;
const kTransports = ["poll", "long_poll", "stream", "sse", "websocket", "socketio"];

const test = suite("lab");
const browser = await launchBrowser();
const server = await Serving.start("--lab");

// A visitor of the lab. Whatever the page does, it asks no other host and breaks no rule of its policy.
class Visitor {
  static async open(context, options = {}, at = server) {
    const browserContext = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: "en-US", ...options });
    browserContext.setDefaultTimeout(20_000);
    context.after(() => browserContext.close());
    const visitor = new Visitor(await browserContext.newPage(), at);
    await visitor.page.goto(`${at.url}/lab`);
    return visitor;
  }

  constructor(page, at) {
    this.page = page;
    this.problems = [];
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (message) => /Content.Security|Refused to/.test(message.text()) && this.problems.push(message.text()));
    page.on("request", (request) => request.url().startsWith(at.url) || /^(data|blob):/.test(request.url()) || this.problems.push(request.url()));
  }

  // Everybody has heard so many, and the table says something of each.
  async measured(count) {
    await this.page.waitForFunction((least) => [...document.querySelectorAll(".lane dd.messages")].every((place) => Number(place.textContent.replaceAll(",", "")) >= least), count);
    await this.page.waitForFunction(() => [...document.querySelectorAll("#advice td.use")].every((place) => place.textContent !== ""));
  }

  async states(state) {
    await this.page.waitForFunction((wanted) => [...document.querySelectorAll(".lane")].every((lane) => lane.dataset.state === wanted), state);
  }

  texts(selector) {
    return this.page.locator(selector).allInnerTexts();
  }

  async nothingIsWrong() {
    assert.deepEqual(await this.texts(".lane dd.check"), Array(kTransports.length).fill("0 · 0"));
    assert.match(await this.page.innerText("#travelled"), /0 lost · 0 twice|잃음 0 · 중복 0/);
    assert.equal(await this.page.innerText("#failure"), "");
    assert.deepEqual(this.problems, []);
  }

  async fits(...widths) {
    const size = this.page.viewportSize();
    for (const width of [...widths, size.width]) {
      await this.page.setViewportSize({ ...size, width });
      assert.ok((await this.page.evaluate(() => document.documentElement.scrollWidth)) <= width, `something is wider than ${width}`);
    }
  }

  async shot(name) {
    await this.page.screenshot({ path: `${kShots}${name}.png`, fullPage: true });
  }
}

test("six transports side by side, a traveller, a cut, a CSV", async (context) => {
  const visitor = await Visitor.open(context, { colorScheme: "light", acceptDownloads: true });
  const { page } = visitor;
  await visitor.states("open");
  assert.deepEqual(await page.locator(".lane").evaluateAll((lanes) => lanes.map((lane) => lane.dataset.transport)), kTransports);
  for (let i = 0; i < kTransports.length + 1; i++) {
    await page.click("#change");
    await page.waitForTimeout(150); // wherever it stands then
  }
  await visitor.measured(40);
  await visitor.nothingIsWrong();
  assert.equal(await page.locator("#trail li").count(), kTransports.length + 2);
  // Between two requests a long poll holds none: they are what they are at one drawing.
  await page.waitForFunction((held) => [...document.querySelectorAll(".lane dd.connections")].map((place) => place.textContent.trim().split(" ")[0]).join() === held, "0,1,1,1,1,1");
  await visitor.shot("lab-en-light");

  await page.click("#cut");
  await visitor.states("waiting");
  const heard = await visitor.texts(".lane dd.messages");
  await page.waitForTimeout(700); // what is published meanwhile
  assert.deepEqual(await visitor.texts(".lane dd.messages"), heard);
  await page.click("#cut");
  await visitor.states("open");
  await visitor.measured(Math.max(...heard.map((text) => Number(text.replaceAll(",", "")))) + 10);
  await visitor.nothingIsWrong();

  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#csv")]);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n").map((line) => line.split(","));
  assert.deepEqual(lines.slice(1).map(([transport]) => transport), kTransports);
  const column = (name) => lines.slice(1).map((cells) => Number(cells[lines[0].indexOf(name)]));
  assert.ok(column("latency_p50_ms").every((value) => value > 0));
  assert.deepEqual([column("lost"), column("twice")], [Array(6).fill(0), Array(6).fill(0)]);
  await visitor.fits(1024, 768);
}, kLimitMs);

test("a phone, in the dark, in Korean, with bytes and a higher rate", async (context) => {
  const visitor = await Visitor.open(context, { ...kPhone, colorScheme: "dark", locale: "ko-KR" });
  const { page } = visitor;
  await page.check("[name=kind][value=binary]", { force: true });
  await page.fill("#rate", "6");
  assert.equal(await page.innerText("#rate-value"), "50");
  await visitor.measured(100);
  await visitor.nothingIsWrong();
  assert.equal(await page.title(), "전송 실험실 · 나루");
  await visitor.fits(320, 360);
  await visitor.shot("lab-phone-ko-dark");
  await page.click("#theme");
  await page.click("#language");
  await visitor.shot("lab-phone-en-light");
  await visitor.nothingIsWrong();
}, kLimitMs);

test("without Socket.IO the page shows the others", async (context) => {
  const bare = await Serving.start("--lab", "--no-socketio");
  context.after(() => bare.end());
  const visitor = await Visitor.open(context, {}, bare);
  await visitor.states("open");
  await visitor.measured(5);
  assert.deepEqual(await visitor.page.locator(".lane").evaluateAll((lanes) => lanes.map((lane) => lane.dataset.transport)), kTransports.slice(0, 5));
  assert.deepEqual(visitor.problems, []);
}, kLimitMs);

process.on("exit", () => server.command.signal("SIGKILL"));
await test.run();
