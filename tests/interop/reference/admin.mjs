// `--admin` on npm's Socket.IO: the official instrument(), and the namespaces that ../admin.mjs looks at.
import { instrument } from "@socket.io/admin-ui";

export function instrumented(io, { argument, has }) {
  const username = argument("--admin-username");
  instrument(io, {
    auth: username ? { type: "basic", username, password: argument("--admin-password") } : false,
    namespaceName: argument("--admin-namespace") ?? "/admin",
    readonly: has("--admin-read-only"),
    serverId: argument("--admin-server-id"),
    mode: has("--admin-production") ? "production" : "development",
  });

  io.of(/^\/dynamic-\d+$/);

  const counted = io.of("/counted");
  counted.use((socket, next) => {
    socket.data.count = 1;
    socket.data.array = [1];
    next();
  });
  counted.on("connection", (socket) => {
    socket.on("count", (ack) => (socket.data.count++, ack()));
    socket.on("push", (value, ack) => (socket.data.array.push(value), ack()));
  });

  const talking = io.of("/talking");
  talking.on("connection", (socket) => {
    socket.emit("hello", 1, "2", Buffer.from([3]));
    socket.emit("asked", (answer) => socket.emit("answered", answer));
    socket.on("hello", (...all) => typeof all.at(-1) === "function" && all.at(-1)("123"));
    socket.on("all", (...all) => talking.emit("said", ...all));
  });
}
