// One HTTP request on its own connection (or on `agent`), answered as {status, headers, body, type}.
import http from "node:http";
import { connect } from "node:net";
import { once } from "node:events";

export function request(server, path, { method = "GET", headers, body, agent = false, host = "localhost" } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ host, port: server.port, path, method, headers, agent }, (incoming) => {
      const parts = [];
      incoming.on("data", (part) => parts.push(part)).on("error", reject);
      incoming.on("end", () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: incoming.statusCode, headers: incoming.headers, type: incoming.headers["content-type"], bytes, body: bytes.toString() });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

// Sends these bytes on a new connection and collects what comes back until the peer ends or `enough(text)`.
export async function rawExchange(server, bytes, enough = () => false, ms = 5000) {
  const socket = connect(server.port, "localhost");
  await once(socket, "connect");
  let text = "";
  const done = new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const finish = () => (clearTimeout(timer), resolve());
    socket.on("data", (part) => enough((text += part.toString("latin1"))) && finish());
    socket.on("close", finish).on("error", finish);
  });
  socket.write(bytes);
  await done;
  socket.destroy();
  return text;
}

// The head of a WebSocket handshake, for refusals that a WebSocket library would hide.
export function handshakeHead(path, fields = {}) {
  const all = {
    Host: "localhost", Upgrade: "websocket", Connection: "Upgrade",
    "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", ...fields,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
