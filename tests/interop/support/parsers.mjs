// Parsers by the names that the fixture servers know (--parser): for both ends of npm's Socket.IO. Without a name
// there is none to give, and the default one serves.
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";

const msgpack = createRequire(import.meta.url)("socket.io-msgpack-parser");

class Encoder {
  encode(packet) {
    return [JSON.stringify(packet)];
  }
}

// As Socket.IO's documentation shows a custom parser: one text for each packet.
class Decoder extends EventEmitter {
  add(chunk) {
    const packet = JSON.parse(chunk);
    if (!(packet.type >= 0 && packet.type <= 4 && typeof packet.nsp === "string")) throw new Error("invalid format");
    this.emit("decoded", packet);
  }
  destroy() {}
}

const parsers = { msgpack, plain: { Encoder, Decoder } };

export function parserNamed(name) {
  if (!name || name === "json") return undefined;
  if (!parsers[name]) throw new Error(`no parser is called ${name}`);
  return parsers[name];
}
