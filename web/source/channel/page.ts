// One request for a page: what polling and long polling are made of.
import type { Line } from "./line";
import type { Page } from "./protocol";
import { byteLength } from "./traffic";

// Null: nothing new (304). `tag` is the ETag that the last answer had.
export async function askPage(line: Line, tag: string, query: Record<string, string | number> = {}): Promise<{ page: Page; tag: string } | null> {
  const { network, options, traffic } = line;
  const target = line.target({ since: line.position, limit: options.limit ?? 100, ...query });
  const headers: Record<string, string> = { accept: "application/json" };
  if (tag) headers["if-none-match"] = tag;
  traffic.request("GET", target, network.fieldBytes + (tag ? "If-None-Match: \r\n".length + tag.length : 0));
  const response = await network.openers.fetch(network.origin + target, { headers, cache: "no-store", signal: line.signal });
  traffic.answer(response);
  if (response.status === 304) return null;
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  const page = JSON.parse(text) as Page;
  countPage(line, page, text);
  return { page, tag: response.headers.get("etag") ?? "" };
}

// What stands around the messages is the page's own.
function countPage({ traffic }: Line, page: Page, text: string): void {
  const around = JSON.stringify({ ...page, messages: [] }).length + Math.max(0, page.messages.length - 1);
  traffic.overheadIn += Math.min(around, text.length);
  traffic.payloadIn += Math.max(0, byteLength(text) - around);
}

// Tells what the page holds; false when nobody listens any more.
export function takePage(line: Line, page: Page): boolean {
  if (!page.recovered && !line.take({ notice: "gap", position: line.position, recovered: false, missing: page.missing })) return false;
  if (!page.messages.every((message) => line.take(message))) return false;
  line.stand(page.position);
  return true;
}
