// The chat of Socket.IO's tutorial after its last step but one, on npm's server: node tutorial_chat.mjs PORT FOLDER.
// For its database a file of lines stands in, written before anybody is told, with client offsets that are unique.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { Server } from "socket.io";

const [port, folder] = [Number(process.argv[2]), process.argv[3]];
mkdirSync(folder, { recursive: true });
const file = path.join(folder, "chat.lines");
// What a killed process has half written is no line.
const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line)) : [];
const known = new Set(lines.map(({ clientOffset }) => clientOffset));

const server = createServer((request, response) => response.end("the tutorial's page"));
const io = new Server(server, { connectionStateRecovery: {} });

io.on("connection", (socket) => {
  socket.on("chat message", (msg, clientOffset, callback) => {
    if (known.has(clientOffset)) return callback(); // it was inserted already, so we notify the client
    known.add(clientOffset);
    lines.push({ msg, clientOffset });
    appendFileSync(file, `${JSON.stringify({ msg, clientOffset })}\n`);
    io.emit("chat message", msg, lines.length);
    callback();
  });

  if (!socket.recovered) {
    for (let id = socket.handshake.auth.serverOffset || 0; id < lines.length; id++) socket.emit("chat message", lines[id].msg, id + 1);
  }
});

server.listen(port);
