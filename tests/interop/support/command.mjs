// The command `naru`, started as people start it: run() waits for its end, Command goes on in the background.
import { spawn } from "node:child_process";
import { loops, freePort } from "./server.mjs";
import { until } from "./suite.mjs";

const kReadyMs = 15_000;

function binary() {
  if (!process.env.NARU_BIN) throw new Error("set NARU_BIN to the path of naru");
  return process.env.NARU_BIN;
}

export class Command {
  constructor(args, { env = {}, input } = {}) {
    this.stdout = "";
    this.stderr = "";
    this.child = spawn(binary(), args, { env: { ...process.env, ...env }, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.child.on("close", (code, signal) => resolve((this.exit = signal ?? code))));
    for (const name of ["stdout", "stderr"]) this.child[name].setEncoding("utf8").on("data", (text) => (this[name] += text));
    if (input !== undefined) this.child.stdin.end(input);
  }

  get lines() {
    return this.stdout.split("\n").slice(0, -1);
  }

  signal(name) {
    if (this.exit === undefined) this.child.kill(name);
  }

  async end(name = "SIGTERM") {
    this.signal(name);
    const kill = setTimeout(() => this.signal("SIGKILL"), 8000);
    await this.ended;
    clearTimeout(kill);
    return this.exit;
  }
}

// {exit, stdout, stderr} of a command that ends by itself.
export async function run(args, options) {
  const command = new Command(args, options);
  await command.ended;
  return command;
}

// `naru serve ARGS` on a free port, which it keeps when it is started again.
export class Serving {
  static async start(...args) {
    const serving = new Serving();
    serving.port = await freePort();
    serving.args = ["serve", "--port", String(serving.port), "--loops", String(loops), ...args];
    await serving.start();
    return serving;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  async start() {
    this.command = new Command(this.args);
    await until(() => {
      if (this.command.exit !== undefined) throw new Error(`naru serve has ended: ${this.command.exit}\n${this.command.stderr}`);
      return this.command.stdout.includes("Ctrl-C stops");
    }, "naru serve is ready", kReadyMs);
  }

  end(name) {
    return this.command.end(name);
  }
}
