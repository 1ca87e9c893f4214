// Starts a fixture server on a free port and waits until it accepts: naru's (NARU_FIXTURE = its path, LOOPS = how
// many loops) or, with SERVER=reference, npm's Socket.IO.
import { spawn } from "node:child_process";
import { createServer, connect } from "node:net";
import { fileURLToPath } from "node:url";

export const againstReference = process.env.SERVER === "reference";
export const loops = Number(process.env.LOOPS ?? 1);

const kReadyMs = 10_000;
const kLogKept = 4000;

export async function startServer(profile, args = []) {
  const server = new FixtureServer(profile, args, await freePort());
  await server.start();
  return server;
}

class FixtureServer {
  constructor(profile, args, port) {
    this.profile = profile;
    this.args = args;
    this.port = port;
    this.output = "";
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  async start() {
    this.exited = undefined;
    const [program, ...args] = command(this.profile, this.port);
    const child = spawn(program, [...args, ...this.args], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.on("error", (error) => resolve((this.exited = String(error))));
      child.on("exit", (code, signal) => resolve((this.exited = signal ?? `code ${code}`)));
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (this.output = (this.output + text).slice(-kLogKept)));
    }
    await this.accepting();
  }

  async accepting() {
    const end = Date.now() + kReadyMs;
    while (!(await accepts(this.port))) {
      if (this.exited) throw new Error(`the server did not start (${this.exited})\n${this.output}`);
      if (Date.now() > end) throw new Error(`the server does not accept on port ${this.port}\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async stop(signal = "SIGTERM") {
    if (!this.exited) this.child.kill(signal);
    const kill = setTimeout(() => this.child.kill("SIGKILL"), 8000);
    await this.ended;
    clearTimeout(kill);
  }

  log() {
    return this.output.trimEnd();
  }
}

function command(profile, port) {
  const common = ["--profile", profile, "--port", String(port)];
  if (againstReference) {
    return [process.execPath, fileURLToPath(new URL("../reference/server.mjs", import.meta.url)), ...common];
  }
  if (!process.env.NARU_FIXTURE) throw new Error("set NARU_FIXTURE to the path of naru-fixture, or SERVER=reference");
  return [process.env.NARU_FIXTURE, ...common, ...(loops > 1 ? ["--loops", String(loops)] : [])];
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "localhost", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
