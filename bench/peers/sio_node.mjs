import http from "node:http";
import { Server } from "socket.io";
import { app } from "./sio_app.mjs";
const server = http.createServer();
const io = new Server(server, { perMessageDeflate: false, httpCompression: false });
app(io);
server.keepAliveTimeout = 120000;
server.listen(+process.argv[2], "127.0.0.1", 4096);
