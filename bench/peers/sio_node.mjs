// Socket.IO on Node: sio_node.mjs PORT [msgpack]
import http from "node:http";
import msgpack from "socket.io-msgpack-parser";
import { Server } from "socket.io";
import { app } from "./sio_app.mjs";
const [port, parser] = process.argv.slice(2);
const server = http.createServer();
const io = new Server(server, { perMessageDeflate: false, httpCompression: false, ...(parser === "msgpack" && { parser: msgpack }) });
app(io);
server.keepAliveTimeout = 120000;
server.listen(+port, "127.0.0.1", 4096);
