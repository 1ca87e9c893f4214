// What the lab publishes: its number, when it was sent on this page's clock, and padding up to the size. As JSON, or
// as bytes, which the doors carry as base64.
import type { Message } from "../channel";

export type Kind = "text" | "binary";
export interface Letter {
  number: number;
  sent: number; // performance.now()
}

const kBinaryHead = 16; // two doubles
export const kBinaryType = "application/octet-stream";

export function encodeText({ number, sent }: Letter, size: number): string {
  const bare = JSON.stringify({ number, sent, pad: "" });
  return JSON.stringify({ number, sent, pad: "x".repeat(Math.max(0, size - bare.length)) });
}

export function encodeBinary({ number, sent }: Letter, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(kBinaryHead, size));
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, number);
  view.setFloat64(8, sent);
  return bytes;
}

// Null: not one of ours; anybody may publish to an open channel.
export function decode(message: Message): Letter | null {
  if (typeof message.base64 === "string") return decodeBinary(message.base64);
  const { number, sent } = (message.data ?? {}) as Partial<Letter>;
  return typeof number === "number" && typeof sent === "number" ? { number, sent } : null;
}

function decodeBinary(base64: string): Letter | null {
  // 24 characters hold the first 16 bytes and two of what follows.
  const text = atob(base64.slice(0, 24));
  if (text.length < kBinaryHead) return null;
  const view = new DataView(Uint8Array.from(text, (one) => one.charCodeAt(0)).buffer);
  return { number: view.getFloat64(0), sent: view.getFloat64(8) };
}

export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
