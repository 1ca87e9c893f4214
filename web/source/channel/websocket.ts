// A WebSocket of the channel's address: one JSON object a text frame.
import type { Line } from "./line";
import { isNotice, type Message, type Notice } from "./protocol";
import { byteLength, kUpgradeFields, kUpgradeHead } from "./traffic";
import { untilAborted } from "./until_aborted";

export function webSocket(line: Line): Promise<void> {
  return untilAborted(line, ({ end, fail }) => {
    const { network, traffic } = line;
    const target = line.target({ since: line.position });
    traffic.request("GET", target, network.fieldBytes + kUpgradeFields);
    const socket = new network.openers.WebSocket(network.origin.replace(/^http/, "ws") + target);
    const release = traffic.hold();
    socket.addEventListener("open", () => {
      traffic.overheadIn += kUpgradeHead;
    });
    socket.addEventListener("message", ({ data }: MessageEvent<string>) => takeFrame(line, data));
    socket.addEventListener("close", ({ wasClean }) => (wasClean ? end() : fail(new Error("the WebSocket broke"))));
    socket.addEventListener("error", () => fail(new Error("the WebSocket was refused")));
    return () => {
      socket.close();
      release();
    };
  });
}

function takeFrame(line: Line, text: string): void {
  const value = JSON.parse(text) as Message | Notice;
  const bytes = byteLength(text);
  line.traffic.overheadIn += line.traffic.frame(bytes, false) + (isNotice(value) ? bytes : 0);
  if (!isNotice(value)) line.traffic.payloadIn += bytes;
  else if (value.notice === "start") line.opened();
  line.take(value);
}
