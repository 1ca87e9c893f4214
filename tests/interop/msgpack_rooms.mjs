// Everything that rooms says, in msgpack.
process.env.PARSER = "msgpack";
await import("./rooms.mjs");
