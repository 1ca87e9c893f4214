// The chat in real browser windows: NARU_BIN=…/naru node tests/browser/chat.mjs. Pictures go to build/screenshots.
import assert from "node:assert/strict";
import { suite, until, pause } from "../interop/support/suite.mjs";
import { ChatServer, Person } from "../interop/support/chat_server.mjs";
import { boatGif } from "./support/gif.mjs";
import { kPhone, launchBrowser, Window } from "./support/window.mjs";

const test = suite("chat");
const kLimitMs = 60_000;
const browser = await launchBrowser();
const chat = await ChatServer.start();

async function open(context, options) {
  const window = await Window.open(browser, chat.url, options);
  context.after(() => window.context.close().catch(() => {}));
  return window;
}

// A client without a browser that fills a room, as slowly as the server wants it.
async function fill(room, count) {
  const person = await Person.arrive(chat);
  const socket = await person.enter(room);
  for (let i = 0; i < count; ) {
    const answer = await socket.emitWithAck("message", { id: `filling-${String(i).padStart(4, "0")}`, text: `line ${i}` });
    if (answer.ok) i++;
    else await pause(answer.retry_after ?? 100);
  }
  person.leave();
}

// Nothing is wider than the window, down to the smallest phone.
async function sideways({ page }) {
  const size = page.viewportSize();
  for (const width of [320, 360, size.width]) {
    await page.setViewportSize({ ...size, width });
    const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide[0] <= width, `${wide} in ${width}`);
  }
}

test("two windows: a room, talk, a GIF, a whisper, comings and goings, reload", async (context) => {
  const boris = await open(context, { nickname: "Boris", colorScheme: "light" });
  const mina = await open(context, { nickname: "미나", locale: "ko-KR" });
  const third = await open(context, { nickname: "Third" });
  await boris.shot("lobby-empty-en");
  const room = await boris.makeRoom("Evening ferry 저녁 배");
  await mina.page.waitForSelector("#rooms a:has-text('Evening ferry')");
  await mina.enter("Evening ferry");
  await boris.sees("미나 came aboard");
  await third.enter("Evening ferry");
  await boris.waitsFor("#persons li:nth-child(3)");

  await boris.say("Good evening! Is the last boat still going?");
  await mina.sees("Is the last boat still going?");
  await mina.say("네, 열 시에 떠나요. 아직 자리가 많아요.");
  await mina.say("<img src=x onerror=alert(1)> https://example.org/a?b=c");
  await boris.sees("<img src=x onerror=alert(1)>");
  assert.equal(await boris.page.locator("#lines img").count(), 0);
  assert.equal(await boris.page.locator("#lines a[href='https://example.org/a?b=c']").count(), 1);

  await mina.page.type("#words", "잠깐");
  await boris.page.waitForSelector("#typing:has-text('미나 is writing')");
  await mina.page.fill("#words", "");

  await boris.page.setInputFiles("#chooser", { name: "boat.gif", mimeType: "image/gif", buffer: boatGif() });
  await mina.page.waitForFunction(() => document.querySelector("#lines img")?.naturalWidth === 120);
  await boris.page.waitForFunction(() => document.querySelector("#lines img")?.naturalWidth === 120);
  assert.match(await mina.page.getAttribute("#lines img", "src"), /^\/pictures\/[\w-]+\.gif$/);

  await mina.page.click("#persons li:has-text('Boris') button");
  await mina.say("뱃삯은 제가 낼게요");
  await boris.sees("뱃삯은 제가 낼게요");
  await boris.page.waitForSelector("#lines .whisper");
  await mina.page.press("#words", "Escape");
  assert.equal(await mina.page.locator("#whispering").isVisible(), false);
  await third.say("See you on the other side");
  await boris.sees("other side");
  assert.equal(await third.page.locator("#lines .whisper").count(), 0);

  await boris.shot("room-en");
  await mina.shot("room-ko");
  await third.close();
  await boris.sees("Third went ashore");
  await mina.rename("미나리");
  await boris.sees("미나 is now 미나리");

  await mina.page.reload();
  await mina.inside("Evening ferry");
  await mina.sees("아직 자리가 많아요");
  assert.deepEqual(await mina.said(), await boris.said());
  assert.equal(await mina.page.locator("#lines img").count(), 1);
  assert.equal(new URL(mina.page.url()).hash.slice(1), room);
  await boris.close();
  await mina.close();
}, kLimitMs);

for (const [what, options] of [["WebSocket blocked", { blockWebSocket: true }], ["?transport=polling", { path: "/?transport=polling" }]]) {
  test(`${what}: everything works by polling`, async (context) => {
    const one = await open(context, { nickname: "One", ...options });
    const two = await open(context, { nickname: "Two", ...options });
    await one.makeRoom(`Polling ${what}`);
    await two.enter(`Polling ${what}`);
    for (let i = 0; i < 5; i++) await one.say(`message ${i}`);
    await two.sees("message 4");
    await two.say("I hear you");
    await one.sees("I hear you");
    await two.hasSaid(6);
    assert.deepEqual(await two.said(), ["message 0", "message 1", "message 2", "message 3", "message 4", "I hear you"]);
    await one.page.setInputFiles("#chooser", { name: "boat.gif", mimeType: "image/gif", buffer: boatGif() });
    await two.page.waitForSelector("#lines img");
    for (const window of [one, two]) {
      assert.equal(await window.line(), "polling");
      assert.equal(window.webSockets, 0);
      await window.close();
    }
  }, kLimitMs);
}

test("what is written while the server is away is sent once, in order, when it is back", async (context) => {
  const one = await open(context, { nickname: "One" });
  const two = await open(context, { nickname: "Two" });
  await one.makeRoom("Broken line");
  await two.enter("Broken line");
  await one.say("before");
  await two.sees("before");
  await chat.stop("SIGKILL");
  await one.waitsFor("#away:not([hidden])");
  for (const text of ["first", "second", "third"]) await one.say(text);
  assert.equal(await one.page.locator("#pending li").count(), 3);
  assert.equal(await one.line(), "reconnecting");
  await one.shot("reconnecting-en");
  await chat.start();
  await two.sees("third");
  await one.sees("third");
  await until(async () => (await one.page.locator("#pending li").count()) === 0, "an empty outbox");
  for (const window of [one, two]) {
    assert.deepEqual(await window.said(), ["before", "first", "second", "third"]);
    await window.close();
  }
}, kLimitMs);

test("an unsent message survives a reload", async (context) => {
  const one = await open(context, { nickname: "One" });
  const room = await one.makeRoom("Reload");
  await one.context.route("**/socket.io/**", (route) => (route.request().url().includes(".js") ? route.continue() : route.abort()));
  await one.page.evaluate((id) => sessionStorage.setItem(`naru.outbox.${id}`,
    JSON.stringify([{ kind: "text", text: "kept over the reload", id: "kept-over-the-reload", time: Date.now(), state: "sending" }])), room);
  await one.page.reload();
  await one.waitsFor("#pending li:has-text('kept over')");
  await one.context.unroute("**/socket.io/**");
  await one.sees("kept over the reload");
  await one.page.reload();
  await one.sees("kept over the reload");
  assert.deepEqual(await one.said(), ["kept over the reload"]);
  await one.close();
}, kLimitMs);

test("history comes as one scrolls up, and nothing jumps", async (context) => {
  const one = await open(context, { nickname: "Reader" });
  const room = await one.makeRoom("Long talk");
  await fill(room, 130);
  await one.page.reload();
  await one.sees("line 129");
  const known = () => one.page.locator("#lines li").count();
  assert.ok((await known()) <= 50);
  while (!(await one.page.isVisible("#beginning"))) {
    const before = await known();
    const first = await one.page.locator("#lines .said").first().getAttribute("data-id");
    const top = () => one.page.evaluate((id) => document.querySelector(`[data-id="${id}"] .bubble`).getBoundingClientRect().top, first);
    await one.page.evaluate(() => { document.querySelector("#log").scrollTop = 150; });
    const stood = await top();
    await until(async () => (await known()) > before, "older lines");
    assert.ok(Math.abs((await top()) - stood) < 40, "the line that was read stays in its place"); // a day's line may fall away
  }
  assert.deepEqual(await one.said(), Array.from({ length: 130 }, (_, i) => `line ${i}`));
  await one.page.evaluate(() => { document.querySelector("#log").scrollTop = 0; });
  await fill(room, 131);
  await one.waitsFor("#newer:not([hidden])");
  await one.page.click("#newer");
  await one.sees("line 130");
  await one.close();
}, kLimitMs);

test("a locked room wants its password; the owner removes people and deletes the room", async (context) => {
  const owner = await open(context, { nickname: "Owner" });
  const guest = await open(context, { nickname: "Guest" });
  await owner.makeRoom("Private pier", { capacity: 2, password: "sesame" });
  await guest.page.click("#rooms a:has-text('Private pier')");
  await guest.waitsFor("#veil input[type=password]");
  await guest.shot("password-en");
  await guest.page.fill("#veil input", "wrong");
  await guest.page.press("#veil input", "Enter");
  await guest.waitsFor("#veil:has-text('not the password')");
  await guest.page.fill("#veil input", "sesame");
  await guest.page.press("#veil input", "Enter");
  await guest.inside("Private pier");
  const full = await open(context, { nickname: "Late" });
  await full.page.click("#rooms a:has-text('Private pier')");
  await full.waitsFor("#veil:not([hidden])");
  await full.close();
  await owner.page.click("#persons li:has-text('Guest') button[title=Remove]");
  await owner.page.click("dialog .danger");
  await guest.waitsFor("#veil:has-text('You were removed')");
  await owner.sees("Owner removed Guest");
  await guest.page.click("#veil a");
  await guest.page.click("#rooms a:has-text('Private pier')");
  await guest.waitsFor("#veil:has-text('cannot come back')");
  await owner.page.click("#delete");
  await owner.page.click("dialog .danger");
  await owner.page.waitForSelector("dialog", { state: "detached" });
  await guest.page.waitForSelector("#rooms a:has-text('Private pier')", { state: "detached" });
  await owner.close();
  await guest.close();
}, kLimitMs);

test("the keyboard is enough", async (context) => {
  const one = await open(context, { nickname: "Keys" });
  const { page } = one;
  await page.focus("#create");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "create");
  await page.keyboard.press("Enter");
  await page.keyboard.type("By keys");
  await page.keyboard.press("Enter");
  await one.inside("By keys");
  await page.waitForFunction(() => document.activeElement.id === "words");
  await page.keyboard.type("one line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("another");
  await page.keyboard.press("Enter");
  await one.sees("another");
  assert.deepEqual(await one.said(), ["one line\nanother"]);
  await page.keyboard.press("Shift+Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "picture");
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, a, input:not([hidden]), textarea")]
    .filter((element) => element.checkVisibility() && !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
    .map((element) => element.outerHTML));
  assert.deepEqual(nameless, []);
  await one.close();
}, kLimitMs);

test("languages: the browser's, then the button's, remembered", async (context) => {
  const one = await open(context, { locale: "ko-KR" });
  assert.equal(await one.page.getAttribute("html", "lang"), "ko");
  assert.equal(await one.page.innerText("#create"), "방 만들기");
  await one.page.click("#language");
  assert.equal(await one.page.innerText("#create"), "New room");
  await one.page.reload();
  await one.page.waitForSelector("#create:has-text('New room')");
  await one.close();
}, kLimitMs);

for (const [language, locale] of [["ko", "ko-KR"], ["en", "en-US"]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`a phone, ${language}, ${colorScheme}`, async (context) => {
      const korean = language === "ko";
      const one = await open(context, { ...kPhone, locale, colorScheme, nickname: korean ? "노을" : "Dusk" });
      const two = await open(context, { locale, colorScheme, nickname: korean ? "사공" : "Ferryman" });
      const title = `${korean ? "강 건너 마을" : "Across the river"} ${colorScheme}`;
      await two.makeRoom(title);
      await sideways(one);
      await one.shot(`phone-lobby-${language}-${colorScheme}`);
      await one.enter(title);
      await two.say(korean ? "어서 오세요. 물결이 잔잔하네요." : "Welcome aboard. The water is calm tonight.");
      await one.say(korean ? "달이 밝아서 등불이 없어도 되겠어요." : "The moon is so bright that we need no lantern.");
      await one.say(korean ? "건너편에 도착하면 알려 주세요!" : "Tell me when we reach the other side!");
      await two.page.setInputFiles("#chooser", { name: "boat.gif", mimeType: "image/gif", buffer: boatGif() });
      await one.page.waitForFunction(() => document.querySelector("#lines img")?.naturalWidth === 120);
      await two.sees(korean ? "도착하면" : "other side");
      await one.shot(`phone-room-${language}-${colorScheme}`);
      await two.shot(`desktop-room-${language}-${colorScheme}`);
      await sideways(one);
      await one.page.click("#people-toggle");
      await one.waitsFor("body[data-people] #persons li:nth-child(2)");
      await pause(300);
      await one.shot(`phone-people-${language}-${colorScheme}`);
      await one.page.click("#people-close");
      await one.page.click("#back");
      await one.waitsFor("#rooms");
      await two.page.click("#create");
      await pause(300);
      await two.shot(`dialog-${language}-${colorScheme}`);
      await two.page.keyboard.press("Escape");
      await two.page.goto(`${chat.url}/#`);
      await two.page.waitForSelector("#shore:not([hidden])");
      await two.shot(`shore-${language}-${colorScheme}`);
      await one.close();
      await two.close();
    }, kLimitMs);
  }
}

process.on("exit", () => chat.discard());
await test.run();
