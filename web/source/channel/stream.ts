// HTTP streaming: one JSON object a line, read as it comes.
import type { Line } from "./line";
import { isNotice, type Message, type Notice } from "./protocol";
import { byteLength } from "./traffic";

export async function stream(line: Line): Promise<void> {
  const { network, traffic } = line;
  const target = line.target({ since: line.position });
  traffic.request("GET", target, network.fieldBytes);
  const release = line.hold();
  try {
    const response = await network.openers.fetch(network.origin + target, { headers: { accept: "application/x-ndjson" }, cache: "no-store", signal: line.signal });
    traffic.answer(response);
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    for await (const text of lines(response.body)) if (!takeLine(line, text)) return;
  } finally {
    release();
  }
}

function takeLine(line: Line, text: string): boolean {
  const bytes = byteLength(text);
  const around = bytes.toString(16).length + "\r\n\r\n".length + "\n".length; // the chunk and the line's end
  if (!text) {
    line.traffic.overheadIn += around; // a heartbeat
    return !line.signal.aborted;
  }
  const value = JSON.parse(text) as Message | Notice;
  line.traffic.overheadIn += around + (isNotice(value) ? bytes : 0);
  if (!isNotice(value)) line.traffic.payloadIn += bytes;
  else if (value.notice === "start") line.opened();
  return line.take(value);
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      yield* parts;
    }
  } finally {
    reader.cancel().catch(() => {}); // also when nobody wants the rest
  }
}
