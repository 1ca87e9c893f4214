// The chat as `NARU_BIN chat --port P --data DIR`, on a free port and an empty folder; may be stopped and started again.
// And a person who talks to it without a browser (docs/protocol/chat.md).
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { io } from "socket.io-client";
import { freePort, loops } from "./server.mjs";

const kReadyMs = 15_000;
const kLogKept = 4000;

export class ChatServer {
  static async start(...args) {
    const server = new ChatServer();
    server.args = [...args, ...(loops > 1 ? ["--loops", String(loops)] : [])];
    server.port = await freePort();
    server.data = await mkdtemp(path.join(tmpdir(), "naru-chat-"));
    await server.start();
    return server;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  async start() {
    const binary = process.env.NARU_BIN;
    if (!binary) throw new Error("set NARU_BIN to the path of naru");
    const [program, ...before] = binary.endsWith(".mjs") ? [process.execPath, binary] : [binary, "chat"];
    this.output = "";
    this.exited = undefined;
    this.child = spawn(program, [...before, "--port", String(this.port), "--data", this.data, ...this.args], { stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.child.on("exit", (code, signal) => resolve((this.exited = signal ?? `code ${code}`))));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (this.output = (this.output + text).slice(-kLogKept)));
    }
    for (const end = Date.now() + kReadyMs; !(await answers(this.url)); ) {
      if (this.exited || Date.now() > end) throw new Error(`the chat did not start (${this.exited})\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(signal = "SIGTERM") {
    if (!this.exited) this.child.kill(signal);
    const kill = setTimeout(() => this.child.kill("SIGKILL"), 8000);
    await this.ended;
    clearTimeout(kill);
  }

  // For the end of the process, which waits for nothing.
  discard() {
    this.child.kill("SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
  }

  async remove() {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}

export class Person {
  // Somebody with a new cookie.
  static async arrive(server, nickname) {
    const answer = await fetch(`${server.url}/api/me`);
    const person = new Person();
    person.server = server;
    person.setCookie = answer.headers.get("set-cookie");
    person.cookie = person.setCookie.split(";")[0];
    person.sockets = [];
    Object.assign(person, (await answer.json()).me);
    if (nickname) await person.rename(nickname);
    return person;
  }

  async rename(nickname) {
    const answer = await this.fetch("/api/me", { method: "PUT", body: JSON.stringify({ nickname }) });
    if (answer.ok) this.nickname = nickname;
    return answer;
  }

  fetch(path, { headers = {}, ...options } = {}) {
    return fetch(this.server.url + path, { ...options, headers: { cookie: this.cookie, ...headers } });
  }

  // A socket of a namespace; every event that arrives stands in `events` as [name, value].
  socket(namespace, auth = {}, options = {}) {
    const socket = io(this.server.url + namespace, { forceNew: true, reconnection: false, auth, extraHeaders: { cookie: this.cookie }, ...options });
    socket.events = [];
    socket.onAny((...all) => socket.events.push(all));
    this.sockets.push(socket);
    return socket;
  }

  // Opens and waits for the namespace's first event.
  async open(namespace, auth, options) {
    const socket = this.socket(namespace, auth, options);
    const first = namespace === "/lobby" ? "rooms" : "welcome";
    const [value] = await new Promise((resolve, reject) => {
      socket.once(first, (...values) => resolve(values));
      socket.once("connect_error", reject);
      socket.once("disconnect", reject);
    });
    socket.first = value;
    return socket;
  }

  lobby() {
    return this.open("/lobby");
  }

  enter(room, password) {
    return this.open("/room", { room, ...(password ? { password } : {}) });
  }

  async makeRoom(title, { capacity = 30, password } = {}) {
    const lobby = await this.lobby();
    const answer = await lobby.timeout(5000).emitWithAck("create_room", { title, capacity, ...(password ? { password } : {}) });
    lobby.disconnect();
    if (!answer.ok) throw new Error(`create_room: ${JSON.stringify(answer)}`);
    return answer.room;
  }

  leave() {
    for (const socket of this.sockets) socket.disconnect();
  }
}

async function answers(url) {
  try {
    return (await fetch(`${url}/api/me`)).ok;
  } catch {
    return false;
  }
}
