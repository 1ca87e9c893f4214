// The shapes of docs/protocol/chat.md.

export interface Person {
  id: string;
  nickname: string;
  color: number;
}

export interface Presence extends Person {
  socket: string;
}

export interface Room {
  id: string;
  title: string;
  owner: string;
  capacity: number;
  people: number;
  locked: boolean;
  created: number;
  last: { kind: "text" | "picture"; nickname: string; text?: string; time: number } | null;
}

interface Stored {
  id: string;
  from: Person;
  time: number;
  position: string;
}

export interface TextMessage extends Stored {
  kind: "text";
  text: string;
}

export interface PictureMessage extends Stored {
  kind: "picture";
  url: string;
  type: string;
  width?: number;
  height?: number;
}

export interface SystemMessage extends Stored {
  kind: "system";
  what: "create" | "join" | "leave" | "rename" | "remove";
  was?: string;
  who?: Person;
}

export type Message = TextMessage | PictureMessage | SystemMessage;

export interface Whisper {
  id: string;
  from: Presence;
  text: string;
  time: number;
}

export interface Failure {
  error: string;
  message?: string;
  retry_after?: number;
}

export interface Welcome {
  room: Room;
  you: Presence;
  people: Presence[];
}

export interface HistoryPage {
  ok: true;
  messages: Message[];
  more: boolean;
  recovered: boolean;
}

export type Answer<T> = ({ ok: true } & T) | Failure;

export const kLimits = { title: 60, text: 2000, nickname: 24, capacity: 500, picture: 5 * 1024 * 1024 };
export const kPictureTypes = ["image/gif", "image/png", "image/jpeg", "image/webp"];

export function failed(answer: object): answer is Failure {
  return "error" in answer;
}

// An id for a message: 128 random bits as text.
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
