// Channels by HTTP, as their users ask for them: publish, pages, and streams that are read as they come.
import http from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import assert from "node:assert/strict";
import { request } from "./http.mjs";
import { within } from "./suite.mjs";

let count = 0;
// A channel of its own for each test.
export const newChannel = () => `test-${process.pid}-${++count}`;
export const path = (channel, query = "") => `/channels/${encodeURIComponent(channel)}${query && `?${query}`}`;

export async function publish(server, channel, data, { headers, agent, query = "" } = {}) {
  const body = JSON.stringify(data);
  const answer = await request(server, path(channel, query), {
    method: "POST", body, agent, headers: { "Content-Type": "application/json", ...headers },
  });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body);
}

export async function page(server, channel, query = "", headers = {}) {
  const answer = await request(server, path(channel, query), { headers });
  assert.equal(answer.status, 200, answer.body);
  return { ...JSON.parse(answer.body), etag: answer.headers.etag, caching: answer.headers["cache-control"] };
}

export const dataOf = ({ messages }) => messages.map(({ data }) => data);

// A stream: `headers` of the answer, and next(): its next line (or block, with `separator`), "" for a heartbeat.
// undefined: it has ended.
export async function openStream({ server, after }, target, { headers = {}, separator = "\n" } = {}) {
  const outgoing = http.request({ host: "localhost", port: server.port, path: target, headers, agent: false });
  after?.(() => outgoing.destroy());
  outgoing.end();
  const [incoming] = await within(5000, once(outgoing, "response"), "the head of a stream");
  let text = "";
  let isOver = false;
  let wake = () => {};
  incoming.setEncoding("utf8").on("data", (part) => ((text += part), wake()));
  incoming.on("end", () => ((isOver = true), wake())).on("error", () => ((isOver = true), wake()));
  const read = async () => {
    for (;;) {
      const at = text.indexOf(separator);
      if (at >= 0) {
        const piece = text.slice(0, at);
        text = text.slice(at + separator.length);
        return piece;
      }
      if (isOver) return undefined;
      await new Promise((resolve) => (wake = resolve));
    }
  };
  return {
    status: incoming.statusCode, headers: incoming.headers,
    next: () => within(10_000, read(), "the next piece of a stream"),
    // What says something, as JSON.
    async nextObject() {
      for (;;) {
        const line = await this.next();
        if (line !== "") return line === undefined ? undefined : JSON.parse(line);
      }
    },
    close: () => outgoing.destroy(),
  };
}

// A block of SSE as an object of its fields.
export function fieldsOf(block) {
  return Object.fromEntries(block.split("\n").filter((line) => !line.startsWith(":")).map((line) => {
    const at = line.indexOf(": ");
    return [line.slice(0, at), line.slice(at + 2)];
  }));
}

// A reader that takes nothing until resume(): bytes wait in the kernel first, then with the server.
export async function openSlowly({ server, after }, target, headers = {}) {
  const socket = connect(server.port, "localhost");
  after(() => socket.destroy());
  await once(socket, "connect");
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  // HTTP/1.0: no chunks around what is read.
  socket.write(`GET ${target} HTTP/1.0\r\nHost: localhost\r\n${fields}\r\n`);
  socket.setEncoding("utf8");
  let text = "";
  let wake = () => {};
  let isOver = false;
  socket.on("data", (part) => ((text += part), wake()));
  for (const event of ["close", "error"]) socket.on(event, () => ((isOver = true), wake()));
  // The head has come: it follows.
  await within(5000, (async () => {
    while (!text.includes("\n{") || !text.endsWith("\n")) await new Promise((resolve) => (wake = resolve));
  })(), "a stream's start");
  socket.pause();
  return {
    // Lines as objects until one is the last.
    async readUntil(isLast) {
      socket.resume();
      const objects = [];
      text = text.slice(text.indexOf("\r\n\r\n") + 4);
      await within(30_000, (async () => {
        for (;;) {
          const at = text.lastIndexOf("\n");
          const lines = at < 0 ? [] : text.slice(0, at).split("\n");
          if (at >= 0) text = text.slice(at + 1);
          objects.push(...lines.filter((line) => line !== "").map((line) => JSON.parse(line)));
          if (objects.some(isLast) || isOver) return;
          await new Promise((resolve) => (wake = resolve));
        }
      })(), "what a slow reader gets");
      return objects;
    },
  };
}
