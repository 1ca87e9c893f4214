// Everything that client_basics says, in msgpack.
process.env.PARSER = "msgpack";
await import("./client_basics.mjs");
