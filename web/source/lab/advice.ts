// When to use which, from what was just measured: figures in, rows and a CSV out.
import type { TransportName } from "../channel";
import type { Figures } from "./lane";

export const kEnough = 20; // messages, before anything is said about a transport

export interface Row {
  transport: TransportName;
  isEnough: boolean;
  direction: "down" | "both";
  p50: number | null;
  p95: number | null;
  overhead: number; // bytes of heads and framing for each message, both ways
  requests: number; // for a hundred messages
  held: number;
  inflation: number; // bytes on the wire for each byte of data
  best: Best[];
}

export type Best = "fastest" | "leanest" | "calmest";

const kBothWays: readonly TransportName[] = ["websocket", "socketio"];

// `size`: bytes of one message's data as it was published.
export function advise(lanes: Figures[], size: number): Row[] {
  const rows = lanes.map((lane) => rowOf(lane, size));
  mark(rows, "fastest", ({ p50 }) => p50 ?? Infinity);
  mark(rows, "leanest", ({ overhead }) => overhead);
  mark(rows, "calmest", ({ requests }) => requests);
  return rows;
}

function rowOf(lane: Figures, size: number): Row {
  const each = Math.max(1, lane.messages);
  return {
    transport: lane.transport,
    isEnough: lane.samples >= kEnough,
    direction: kBothWays.includes(lane.transport) ? "both" : "down",
    p50: lane.p50,
    p95: lane.p95,
    overhead: (lane.overheadIn + lane.overheadOut) / each,
    requests: (lane.requests / each) * 100,
    held: lane.held,
    inflation: (lane.payloadIn + lane.overheadIn + lane.overheadOut) / (each * Math.max(1, size)),
    best: [],
  };
}

function mark(rows: Row[], best: Best, measure: (row: Row) => number): void {
  const among = rows.filter(({ isEnough }) => isEnough);
  if (among.length < 2) return;
  const least = Math.min(...among.map(measure));
  // As good as the best is who differs by less than anybody would notice.
  for (const row of among) if (measure(row) <= least * 1.05) row.best.push(best);
}

const kColumns = [
  "transport", "direction", "messages", "lost", "twice", "latency_now_ms", "latency_p50_ms", "latency_p95_ms", "latency_p99_ms", "requests",
  "requests_per_100_messages", "connections_opened", "connections_held", "overhead_bytes_in", "overhead_bytes_out",
  "overhead_bytes_per_message", "payload_bytes_in", "wire_bytes_per_data_byte", "data_kind", "data_bytes", "messages_per_second",
] as const;

export interface Setting {
  kind: string;
  size: number;
  rate: number;
}

// RFC 4180.
export function csv(lanes: Figures[], { kind, size, rate }: Setting): string {
  const rows = advise(lanes, size);
  const lines = lanes.map((lane, i) => {
    const row = rows[i]!;
    return [
      lane.transport, row.direction, lane.messages, lane.lost, lane.twice, lane.now, lane.p50, lane.p95, lane.p99, lane.requests, row.requests,
      lane.opened, lane.held, lane.overheadIn, lane.overheadOut, row.overhead, lane.payloadIn, row.inflation, kind, size, rate,
    ].map(cell).join(",");
  });
  return [kColumns.join(","), ...lines, ""].join("\r\n");
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  return typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value;
}
