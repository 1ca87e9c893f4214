// The chat as `NARU_BIN chat --port P --data DIR`, on a free port and an empty folder; may be stopped and started again.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../interop/support/server.mjs";

const kReadyMs = 15_000;
const kLogKept = 4000;

export class ChatServer {
  static async start() {
    const server = new ChatServer();
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
    this.child = spawn(program, [...before, "--port", String(this.port), "--data", this.data], { stdio: ["ignore", "pipe", "pipe"] });
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

  async remove() {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}

async function answers(url) {
  try {
    return (await fetch(`${url}/api/me`)).ok;
  } catch {
    return false;
  }
}
