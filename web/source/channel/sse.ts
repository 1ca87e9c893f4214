// Server-sent events by EventSource, which comes back by itself with Last-Event-ID.
import type { Line } from "./line";
import { askPage, takePage } from "./page";
import { isNotice, type Message, type Notice } from "./protocol";
import { byteLength, kEventStreamHead } from "./traffic";
import { untilAborted } from "./until_aborted";

export async function sse(line: Line): Promise<void> {
  // EventSource does not show the position that a stream begins with: who wants to follow from now asks for it.
  if (line.position === "last") {
    const answer = await askPage(line, "");
    if (!answer || !takePage(line, answer.page)) return;
  }
  return untilAborted(line, ({ fail }) => {
    const { network, traffic } = line;
    const target = line.target({ since: line.position });
    const source = new network.openers.EventSource(network.origin + target);
    let release = () => {};
    const count = () => {
      traffic.request("GET", target, network.fieldBytes);
      release = traffic.hold();
    };
    count();
    source.addEventListener("open", () => {
      traffic.overheadIn += kEventStreamHead;
      line.opened();
    });
    // "error" is the connection's own event, and may be a message's name as well.
    source.addEventListener("error", (event) => {
      if ("data" in event) return;
      release();
      if (source.readyState === 2) return fail(new Error("the event stream was refused")); // EventSource.CLOSED
      line.broke();
      count();
    });
    const hear = (event: Event) => takeEvent(line, event as MessageEvent<string>);
    for (const name of new Set(["message", "gap", "end", ...(line.options.events ?? [])])) source.addEventListener(name, hear);
    return () => {
      source.close();
      release();
    };
  });
}

function takeEvent(line: Line, event: MessageEvent<string>): void {
  if (typeof event.data !== "string") return; // the connection's own
  const value = JSON.parse(event.data) as Message | Notice;
  const bytes = byteLength(event.data);
  const named = event.type === "message" ? 0 : "event: \n".length + event.type.length;
  line.traffic.overheadIn += "id: \ndata: \n\n".length + value.position.length + named + (isNotice(value) ? bytes : 0);
  if (!isNotice(value)) line.traffic.payloadIn += bytes;
  line.take(value);
}
