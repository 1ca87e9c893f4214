// WebSocket frames as they are on the wire: what a library hides about compression.
import { WebSocket } from "ws";

// Notes every frame that the server sends from now on: {opcode, compressed, size}.
export function watchFrames(socket) {
  const frames = [];
  let pending = Buffer.alloc(0);
  socket._socket.on("data", (part) => {
    pending = Buffer.concat([pending, part]);
    for (let frame; (frame = readFrame(pending)); pending = pending.subarray(frame.end)) frames.push(frame);
  });
  return frames;
}

function readFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  const header = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < header) return undefined;
  const size = header === 10 ? Number(bytes.readBigUInt64BE(2)) : header === 4 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < header + size) return undefined;
  return { opcode: bytes[0] & 15, compressed: (bytes[0] & 0x40) !== 0, size, end: header + size };
}

// A frame as a client sends it, its mask all zero; `first` is the whole first byte.
export function clientFrame(first, payload) {
  const bytes = Buffer.from(payload);
  const length = bytes.length < 126 ? Buffer.from([0x80 | bytes.length])
    : bytes.length < 65536 ? Buffer.from([0xfe, bytes.length >> 8, bytes.length & 255])
      : Buffer.from([0xff, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (bytes.length >>> shift) & 255)]);
  return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), bytes]);
}

// An open WebSocket of npm's client.
export async function openSocket({ server, after }, path, options) {
  const socket = new WebSocket(`ws://localhost:${server.port}${path}`, options);
  after(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return socket;
}

// The next `count` messages: text as string, binary as Buffer.
export function messages(socket, count) {
  const all = [];
  return new Promise((resolve, reject) => {
    socket.on("close", (code) => reject(new Error(`closed with ${code} after ${all.length} of ${count} messages`)));
    socket.on("message", function take(data, binary) {
      all.push(binary ? data : data.toString());
      if (all.length === count) resolve((socket.off("message", take), all));
    });
  });
}
