// One person's browser window on the chat, with the words in which the tests speak of it.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const kShots = fileURLToPath(new URL("../../../build/screenshots/", import.meta.url));
const kArguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const kWaitMs = 15_000;
export const kPhone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

export async function launchBrowser() {
  await mkdir(kShots, { recursive: true });
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: kArguments });
}

export class Window {
  // `nickname`: given at once; other options are the browser context's.
  static async open(browser, url, { nickname, blockWebSocket = false, path = "/", ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", ...options });
    context.setDefaultTimeout(kWaitMs);
    if (blockWebSocket) await context.addInitScript(() => { window.WebSocket = class { constructor() { throw new Error("blocked"); } }; });
    const window = new Window(context, await context.newPage(), url);
    await window.page.goto(url + path);
    await window.connected();
    if (nickname) await window.rename(nickname);
    return window;
  }

  constructor(context, page, url) {
    this.context = context;
    this.page = page;
    this.url = url;
    this.problems = [];
    this.webSockets = 0;
    page.on("pageerror", (error) => this.problems.push(`error: ${error.message}`));
    page.on("console", (message) => /Content.Security|Refused to/.test(message.text()) && this.problems.push(message.text()));
    page.on("websocket", () => this.webSockets++);
    page.on("dialog", (dialog) => (this.problems.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  }

  async connected() {
    await this.page.waitForSelector("#badge[data-line='websocket'], #badge[data-line='polling']", { state: "attached" });
  }

  async rename(nickname) {
    await this.page.click("#me");
    await this.page.fill("dialog [name=nickname]", nickname);
    await this.page.press("dialog [name=nickname]", "Enter");
    await this.page.waitForSelector("dialog", { state: "detached" });
  }

  async makeRoom(title, { capacity = 30, password = "" } = {}) {
    await this.page.click("#create");
    await this.page.fill("dialog [name=title]", title);
    await this.page.fill("dialog [name=capacity]", String(capacity));
    await this.page.fill("dialog [name=password]", password);
    await this.page.press("dialog [name=title]", "Enter");
    await this.inside(title);
    return new URL(this.page.url()).hash.slice(1);
  }

  async enter(title) {
    await this.page.click(`#rooms a:has-text("${title}")`);
    await this.inside(title);
  }

  async inside(title) {
    await this.page.waitForSelector(`#room[data-state="in"] #room-title:has-text("${title}")`);
  }

  async say(text) {
    await this.page.fill("#words", text);
    await this.page.press("#words", "Enter");
  }

  // Waits until a line with this text stands in the log.
  async sees(text) {
    await this.page.locator("#lines li").filter({ hasText: text }).first().waitFor();
  }

  async waitsFor(selector) {
    await this.page.waitForSelector(selector);
  }

  // The texts of what was said, in order.
  // So many lines stand in the log: one's own comes when the server has it, perhaps after others have seen it.
  async hasSaid(count) {
    await this.page.locator("#lines .said:not(.whisper) p.bubble").nth(count - 1).waitFor();
  }

  said() {
    return this.page.locator("#lines .said:not(.whisper) p.bubble").allInnerTexts();
  }

  line() {
    return this.page.locator("#badge").getAttribute("data-line");
  }

  async shot(name) {
    await this.page.screenshot({ path: `${kShots}${name}.png` });
  }

  async close() {
    assert.deepEqual(this.problems, []);
    await this.context.close();
  }
}
