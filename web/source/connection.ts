// One Socket.IO connection for both namespaces, and what the badge says of it.
import { Manager, type Socket } from "socket.io-client";
import { failed, type Answer, type Failure } from "./protocol";

export type Line = "websocket" | "polling" | "connecting" | "reconnecting" | "offline";

const kAnswerMs = 10_000; // longer than any commit; after it the line counts as down

export class Connection {
  readonly lobby: Socket;
  readonly room: Socket;
  onLine: (line: Line) => void = () => {};
  private manager: Manager;
  private everOpen = false;

  constructor() {
    const only = new URLSearchParams(location.search).get("transport");
    this.manager = new Manager({
      ...(only === "polling" || only === "websocket" ? { transports: [only] } : {}),
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      autoConnect: false,
    });
    this.lobby = this.manager.socket("/lobby");
    this.room = this.manager.socket("/room");
    this.watch();
  }

  private watch(): void {
    const tell = () => this.onLine(this.line());
    this.manager.on("open", () => {
      this.everOpen = true;
      this.manager.engine.on("upgrade", tell);
      tell();
    });
    for (const event of ["close", "error", "reconnect_attempt", "reconnect_error"] as const) this.manager.on(event, tell);
    addEventListener("offline", tell);
    addEventListener("online", () => {
      tell();
      if (!this.lobby.connected) this.lobby.connect();
    });
  }

  line(): Line {
    const { engine } = this.manager;
    if (engine?.readyState === "open") return engine.transport.name === "websocket" ? "websocket" : "polling";
    if (!navigator.onLine) return "offline";
    return this.everOpen ? "reconnecting" : "connecting";
  }

  // The engine's cookie is read at its handshake: after a new cookie the connection must be made anew.
  renew(): void {
    this.manager.engine?.close();
  }
}

// Asks and waits for the answer; never throws: a silent or lost line is the failure `no_line`.
export async function ask<T>(socket: Socket, event: string, value: object): Promise<Answer<T>> {
  if (!socket.connected) return { error: "no_line" };
  try {
    return (await socket.timeout(kAnswerMs).emitWithAck(event, value)) as Answer<T>;
  } catch {
    return { error: "no_line" };
  }
}

// The failure that a refused CONNECT carries; null when the line itself failed (the client tries again alone).
export function refusalOf(socket: Socket, error: Error & { data?: unknown }): Failure | null {
  if (socket.active) return null;
  const { data } = error;
  return data && typeof data === "object" && failed(data) ? data : { error: error.message };
}
