// The Admin UI's page in a real browser: NARU_FIXTURE=…/naru-fixture node tests/browser/admin.mjs. Pictures go to
// build/screenshots.
import assert from "node:assert/strict";
import { connectClient } from "../interop/support/client.mjs";
import { startServer } from "../interop/support/server.mjs";
import { suite, until } from "../interop/support/suite.mjs";
import { kPhone, launchBrowser } from "./support/window.mjs";

const kHash = "$2b$10$nu1FHRkuxkZkqID.31gz4uQsyERZAn.m4IIruysTsHDODBtrqS5Me"; // "changeit"
const kLogin = ["--admin-username", "admin", "--admin-password", kHash];
const kShots = new URL("../../build/screenshots/", import.meta.url).pathname;
const kLimitMs = 60_000;

const test = suite("admin");
const browser = await launchBrowser();

// An administrator's window. Whatever it does, it asks no other host and breaks no rule of its policy.
class Window {
  static async open(context, server, options = {}) {
    const browserContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", ...options });
    browserContext.setDefaultTimeout(15_000);
    context.after(() => browserContext.close());
    const window = new Window(server, await browserContext.newPage());
    await window.page.goto(`${server.url}/admin/`);
    return window;
  }

  constructor(server, page) {
    this.page = page;
    this.problems = [];
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (message) => /Content.Security|Refused to/.test(message.text()) && this.problems.push(message.text()));
    page.on("request", (request) => request.url().startsWith(server.url) || /^(data|blob):/.test(request.url()) || this.problems.push(request.url()));
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  async logIn(username, password) {
    await this.field("Username").fill(username);
    await this.field("Password").fill(password);
    await this.page.getByRole("button", { name: "Connect" }).click();
  }

  async inside() {
    await this.page.locator(".v-dialog--active").waitFor({ state: "detached" });
    await this.page.getByText("Healthy", { exact: true }).first().waitFor();
  }

  async go(path) {
    await this.page.evaluate((hash) => { location.hash = hash; }, path);
  }

  async sees(text) {
    await this.page.getByText(text).first().waitFor();
  }

  // Once everything that moves has come to rest.
  async shot(name) {
    await this.page.waitForTimeout(600);
    await this.page.screenshot({ path: `${kShots}${name}.png` });
  }

  close() {
    assert.deepEqual(this.problems, []);
  }
}

async function served(context, ...args) {
  const server = await startServer("interop", ["--admin", "--admin-ui", ...args]);
  context.after(() => server.stop());
  return { ...context, server };
}

async function crowd(here) {
  const clients = [await connectClient(here), await connectClient(here), await connectClient(here, { transports: ["polling"] })];
  for (const client of clients) await client.timeout(5000).emitWithAck("join", "harbour");
  await clients[0].timeout(5000).emitWithAck("join", "pier");
  return clients;
}

test("log in, look around, steer, come back", async (context) => {
  const here = await served(context, ...kLogin);
  const [one, two] = await crowd(here);
  const window = await Window.open(context, here.server);
  const { page } = window;
  assert.equal(await window.field("Server URL").inputValue(), here.server.url);
  await window.shot("admin-login");
  await window.logIn("admin", "guess");
  await window.sees("Invalid credentials");
  await window.logIn("admin", "changeit");
  await window.inside();

  await until(async () => (await page.locator("h2").allInnerTexts()).includes("3"), "the dashboard counts the clients");
  await window.sees("/room-undone");
  await window.shot("admin-dashboard");

  await window.go("#/sockets/");
  await window.sees(one.id);
  await window.sees(two.id);
  await window.shot("admin-sockets");
  await window.go("#/rooms/");
  await window.sees("harbour");
  await window.sees("pier");
  await window.shot("admin-rooms");
  await window.go("#/events/");
  one.emit("echo", "a word to be seen", () => {});
  await page.locator("tr", { hasText: "Event name: echo" }).first().getByRole("button").click();
  await window.sees("a word to be seen");
  await window.shot("admin-events");
  await window.go("#/clients/");
  await window.sees("Websocket");

  // One socket's page: it joins a room, leaves one, is thrown out.
  await window.go(`#/n/${encodeURIComponent("/")}/sockets/${one.id}`);
  await window.sees("pier");
  await window.field("Join a room").fill("lighthouse");
  await page.locator("form", { hasText: "Join a room" }).getByRole("button").last().click();
  const rooms = () => one.timeout(5000).emitWithAck("rooms");
  await until(async () => (await rooms()).includes("lighthouse"), "it has joined");
  await window.sees("lighthouse");
  await window.shot("admin-socket");
  await page.locator("tr", { hasText: "pier" }).getByRole("button").last().click();
  await until(async () => !(await rooms()).includes("pier"), "it has left");
  // The page shows the room now.
  await window.go(`#/n/${encodeURIComponent("/")}/sockets/${one.id}`);
  await window.sees("lighthouse");
  await page.locator("tr", { hasText: "Status" }).last().getByRole("button").click();
  await until(() => one.disconnected, "it was thrown out");

  // A room as a whole: everybody leaves it.
  await window.go("#/rooms/");
  await page.locator("tr", { hasText: "harbour" }).getByRole("button").first().click();
  await until(async () => !(await two.timeout(5000).emitWithAck("rooms")).includes("harbour"), "the room is empty");

  // With its session: the official server tells it before the page listens, and asks for the password again.
  await page.goto(`${here.server.url}/admin/#/`);
  await page.reload();
  await window.inside();
  assert.equal(await page.locator(".v-dialog--active").count(), 0);
  window.close();
}, kLimitMs);

test("read-only, without a login", async (context) => {
  const here = await served(context, "--admin-read-only");
  const [one] = await crowd(here);
  const window = await Window.open(context, here.server);
  await window.page.getByRole("button", { name: "Connect" }).click();
  await window.inside();
  await window.go(`#/n/${encodeURIComponent("/")}/sockets/${one.id}`);
  await window.sees("pier");
  assert.equal(await window.page.locator(".mdi-logout, .mdi-tag-off-outline").count(), 0);
  window.close();
}, kLimitMs);

test("production: the dashboard only", async (context) => {
  const here = await served(context, "--admin-production", ...kLogin);
  await crowd(here);
  const window = await Window.open(context, here.server);
  await window.logIn("admin", "changeit");
  await window.inside();
  await until(async () => (await window.page.locator("h2").allInnerTexts()).includes("3"), "the dashboard counts the clients");
  await window.shot("admin-production");
  assert.equal(await window.page.getByRole("link", { name: "Rooms" }).count(), 0);
  window.close();
}, kLimitMs);

test("on a phone nothing is wider than the window", async (context) => {
  const here = await served(context, ...kLogin);
  await crowd(here);
  const window = await Window.open(context, here.server, kPhone);
  await window.shot("admin-phone-login");
  await window.logIn("admin", "changeit");
  await window.inside();
  await window.shot("admin-phone-dashboard");
  for (const path of ["#/", "#/sockets/", "#/rooms/", "#/servers/"]) {
    await window.go(path);
    await window.page.waitForTimeout(400);
    const [wide, inner] = await window.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= inner, `${path}: ${wide} in ${inner}`);
  }
  await window.shot("admin-phone-servers");
  window.close();
}, kLimitMs);

await test.run();
