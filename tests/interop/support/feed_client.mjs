// A feed's WebSocket for tests, and publishing by POST: every frame that comes stands in `frames`, parsed.
import { WebSocket } from "ws";
import { until, within } from "./suite.mjs";

export class FeedSocket {
  // Opens `path`, waits for the start notice, and closes after the test.
  static async open(context, path, options) {
    const socket = new FeedSocket(context, path, options);
    await socket.started();
    return socket;
  }

  constructor({ server, after }, path, options = {}) {
    this.frames = [];
    this.raw = new WebSocket(server.url.replace("http", "ws") + path, options);
    this.raw.on("message", (data, binary) => this.frames.push(binary ? data : JSON.parse(data)));
    this.closed = new Promise((resolve) => this.raw.on("close", (code, reason) => resolve({ code, reason: String(reason) })));
    this.refused = new Promise((resolve) => {
      this.raw.on("unexpected-response", (_, response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text) => (body += text)).on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(body) }));
      });
      this.raw.on("error", () => {});
    });
    after(() => this.raw.terminate());
  }

  started() {
    return until(() => this.notices("start").length === 1, "the start notice");
  }

  notices(kind) {
    return this.frames.filter((frame) => frame.notice === kind);
  }

  // Messages: neither notices nor answers.
  get messages() {
    return this.frames.filter((frame) => frame.position !== undefined && frame.notice === undefined);
  }

  data() {
    return this.messages.map((message) => message.data);
  }

  async heard(count, ms = 10_000) {
    await until(() => this.messages.length >= count, `${count} messages, not ${this.messages.length}`, ms);
    return this.messages;
  }

  // The answer to one publish.
  async publish(publish) {
    const id = Math.random();
    this.raw.send(JSON.stringify({ publish, id }));
    await until(() => this.frames.some((frame) => frame.id === id), "the answer to a publish");
    return this.frames.find((frame) => frame.id === id);
  }

  end() {
    return within(10_000, this.closed, "the close");
  }
}

export const name = (prefix = "c") => `${prefix}${Math.random().toString(36).slice(2)}`;

export async function post(server, path, data, options = {}) {
  const answer = await fetch(server.url + path, {
    method: "POST",
    body: typeof data === "string" ? data : JSON.stringify(data),
    headers: { "content-type": "application/json", ...options.headers },
  });
  return { status: answer.status, ...(await answer.json()) };
}

export async function page(server, path) {
  const answer = await fetch(server.url + path);
  return { status: answer.status, ...(await answer.json()) };
}

export const who = (server, path) => page(server, `${path}?who`);
