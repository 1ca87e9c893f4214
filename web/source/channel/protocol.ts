// What travels in a channel, as docs/protocol/channels.md has it.

export interface Message {
  channel?: string;
  position: string;
  event?: string;
  key?: string;
  headers?: Record<string, string>;
  type?: string;
  data?: unknown;
  text?: string;
  base64?: string;
}

export interface Notice {
  notice: "start" | "gap" | "end";
  channel?: string;
  position: string;
  recovered?: boolean;
  missing?: number | null;
  reason?: string;
}

export interface Page {
  messages: Message[];
  position: string;
  more: boolean;
  recovered: boolean;
  missing: number | null;
}

export const kTransports = ["poll", "long_poll", "stream", "sse", "websocket", "socketio"] as const;
export type TransportName = (typeof kTransports)[number];

// connecting: the first answer is not there yet; open: it follows; waiting: the line broke, it tries again soon.
export type State = "connecting" | "open" | "waiting" | "stopped";

export function isNotice(value: Message | Notice): value is Notice {
  return "notice" in value;
}
