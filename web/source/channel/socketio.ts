// A Socket.IO socket of the namespace /channels, which asks to follow.
import type { Line } from "./line";
import type { Message, Notice } from "./protocol";
import { byteLength, kUpgradeFields, kUpgradeHead, type Traffic } from "./traffic";
import { untilAborted } from "./until_aborted";

const kNamespace = "/channels";
const kPrefix = `2${kNamespace},["message",`;

type Answer = { error: string } | { position: string; recovered: boolean; missing: number | null };

export function socketIo(line: Line): Promise<void> {
  return untilAborted(line, ({ fail }) => {
    const { network, options, traffic } = line;
    if (!network.openers.io) throw new Error("there is no Socket.IO here");
    const socket = network.openers.io(network.origin + kNamespace, { forceNew: true, reconnection: false, transports: ["websocket"], ...options.socketIo });
    const release = traffic.hold();
    count(traffic, network.fieldBytes, socket.io.engine);
    socket.on("connect", () => {
      socket.emit("follow", { channel: options.channel, since: line.position }, (answer: Answer) => {
        if ("error" in answer) return fail(new Error(answer.error));
        line.opened();
        line.take({ notice: "start", ...answer });
      });
    });
    socket.on("message", (message: Message) => line.take(message));
    socket.on("gap", (gap: Omit<Notice, "notice">) => line.take({ notice: "gap", ...gap }));
    socket.on("end", (end: Omit<Notice, "notice">) => {
      line.take({ notice: "end", ...end });
      fail(new Error("the server ended it"));
    });
    socket.on("connect_error", fail);
    socket.on("disconnect", (reason) => fail(new Error(reason)));
    return () => {
      socket.removeAllListeners();
      socket.disconnect();
      release();
    };
  });
}

interface Packet {
  type: string;
  data?: unknown;
}

// Every packet of the engine as a frame; on polling the heads of its requests are not counted.
function count(traffic: Traffic, fieldBytes: number, engine: { on(name: string, listener: (packet: Packet) => void): unknown }): void {
  traffic.request("GET", "/socket.io/?EIO=4&transport=websocket", fieldBytes + kUpgradeFields);
  const size = ({ data }: Packet) => 1 + (typeof data === "string" ? byteLength(data) : 0);
  engine.on("handshake", () => (traffic.overheadIn += kUpgradeHead));
  engine.on("packetCreate", (packet) => (traffic.overheadOut += size(packet) + traffic.frame(size(packet), true)));
  engine.on("packet", (packet) => {
    const bytes = size(packet);
    const isMessage = typeof packet.data === "string" && packet.data.startsWith(kPrefix);
    const payload = isMessage ? bytes - 1 - kPrefix.length - "]".length : 0;
    traffic.payloadIn += payload;
    traffic.overheadIn += bytes - payload + traffic.frame(bytes, false);
  });
}
