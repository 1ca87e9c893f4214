// The chat of Socket.IO's tutorial: its client's logic against our port of its server (examples/tutorial_chat) and,
// with SERVER=reference, against the original. Whatever breaks, everybody has every line once and in one order.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import { againstReference, freePort } from "./support/server.mjs";
import { pause, suite, until } from "./support/suite.mjs";
import { Proxy } from "./support/proxy.mjs";
import { kBoth, kPolling, kWebSocket } from "./support/client.mjs";

const test = suite("tutorial_chat");
const kLimitMs = 90_000;
const kLines = 40;

class Chat {
  static async start(context) {
    const chat = new Chat();
    chat.folder = await mkdtemp(path.join(tmpdir(), "naru-tutorial-"));
    chat.port = await freePort();
    chat.proxy = await Proxy.open(chat.port);
    chat.output = "";
    context.after(() => chat.remove());
    chat.run();
    await until(() => fetch(`http://localhost:${chat.port}/`).then(() => true, () => chat.child.exitCode !== null), "the server");
    assert.equal(chat.child.exitCode, null, chat.output);
    return chat;
  }

  run() {
    const program = againstReference
      ? [process.execPath, fileURLToPath(new URL("./reference/tutorial_chat.mjs", import.meta.url))]
      : [path.join(path.dirname(process.env.NARU_BIN), "examples/tutorial_chat")];
    this.child = spawn(program[0], [...program.slice(1), String(this.port), this.folder], { stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.child.once("exit", resolve).once("error", resolve));
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on("data", (text) => (this.output += text));
  }

  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  async remove() {
    await this.kill();
    this.proxy.close();
    await rm(this.folder, { recursive: true });
  }
}

// The tutorial's client, with times for a test and a name of its own, which is there also while it is offline.
class Person {
  static arrive(context, chat, name, options = {}) {
    const person = new Person();
    person.name = name;
    person.heard = [];
    person.counter = 0;
    person.unanswered = 0;
    person.recoveries = 0;
    person.socket = io(chat.proxy.url, {
      auth: { serverOffset: 0 }, ackTimeout: 1000, retries: 1000,
      forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 200, ...options,
    });
    person.socket.on("chat message", (msg, serverOffset) => {
      person.heard.push(msg);
      person.socket.auth.serverOffset = serverOffset;
    });
    person.socket.on("connect", () => (person.recoveries += person.socket.recovered));
    context.after(() => person.socket.disconnect());
    return person;
  }

  say(text) {
    this.unanswered++;
    this.socket.emit("chat message", text, `${this.name}-${this.counter++}`, () => this.unanswered--);
  }

  cut() {
    this.socket.io.engine?.close();
  }
}

const crew = (context, chat) =>
  [kWebSocket, kPolling, kBoth].map((transports, i) => Person.arrive(context, chat, `person ${i}`, { transports }));
const everybodyHas = (people, count) =>
  until(() => people.every(({ heard, unanswered }) => heard.length >= count && unanswered === 0), "every line for everybody", 30_000);

function agree(people, count) {
  const [first] = people;
  assert.equal(first.heard.length, count);
  assert.equal(new Set(first.heard).size, count, "a line came twice");
  for (const { heard } of people) assert.deepEqual(heard, first.heard);
  for (const { name } of people) {
    const own = first.heard.filter((line) => line.startsWith(`${name} `)).map((line) => Number(line.slice(name.length + 1)));
    assert.deepEqual(own, own.map((_, i) => i), `${name}'s lines in order`);
  }
}

test("lines go to everybody, and to who comes later", async (context) => {
  const chat = await Chat.start(context);
  const people = crew(context, chat);
  for (let i = 0; i < 5; i++) people.forEach((person) => person.say(`${person.name} ${i}`));
  await everybodyHas(people, 15);
  const late = Person.arrive(context, chat, "late");
  await everybodyHas([late], 15);
  agree([...people, late], 15);
}, kLimitMs);

test("a line that is sent again is stored once", async (context) => {
  const chat = await Chat.start(context);
  const [one, other] = crew(context, chat);
  for (let i = 0; i < 3; i++) {
    one.counter = 0;
    one.say("the same");
    await until(() => one.unanswered === 0, "the answer");
  }
  one.say("the next");
  await everybodyHas([one, other], 2);
  assert.deepEqual(other.heard, ["the same", "the next"]);
}, kLimitMs);

test("who was away gets what was said meanwhile, once", async (context) => {
  const chat = await Chat.start(context);
  const [one, other] = crew(context, chat);
  one.say("person 0 0");
  await everybodyHas([one, other], 1);
  for (let i = 1; i < 6; i++) {
    other.socket.disconnect();
    one.say(`person 0 ${i}`);
    await everybodyHas([one], i + 1);
    other.socket.connect();
    await everybodyHas([other], i + 1);
  }
  agree([one, other], 6);
}, kLimitMs);

const kTroubles = {
  "connections are cut": async (chat) => chat.proxy.cut(),
  "clients close and come back": async (chat, people) => people.forEach((person) => person.cut()),
  "the server is killed and started again": async (chat) => {
    await chat.kill();
    await pause(50);
    chat.run();
  },
};
for (const [what, trouble] of Object.entries(kTroubles)) {
  test(`exactly once and in order while ${what}`, async (context) => {
    const chat = await Chat.start(context);
    const people = crew(context, chat);
    const speaking = people.map(async (person, i) => {
      for (let line = 0; line < kLines; line++) {
        person.say(`${person.name} ${line}`);
        await pause(5 + ((line * 7 + i * 3) % 20));
      }
    });
    for (let i = 0; i < 4; i++) {
      await pause(120);
      await trouble(chat, people);
    }
    await Promise.all(speaking);
    await everybodyHas(people, people.length * kLines);
    await until(() => people.every(({ socket }) => socket.connected), "that all are back", 20_000);
    const recoveries = people.reduce((sum, person) => sum + person.recoveries, 0);
    assert.ok(what.includes("killed") || recoveries > 0, "nobody was recovered");
    const late = Person.arrive(context, chat, "late");
    await everybodyHas([late], people.length * kLines);
    agree([...people, late], people.length * kLines);
  }, kLimitMs);
}

await test.run();
