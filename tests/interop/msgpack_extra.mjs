// Everything that socketio_extra says, in msgpack.
process.env.PARSER = "msgpack";
await import("./socketio_extra.mjs");
