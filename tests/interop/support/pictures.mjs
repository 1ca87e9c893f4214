// The smallest pictures of each kind, and ids for messages.
import { randomBytes } from "node:crypto";

const decode = (text) => Buffer.from(text, "base64");

export const pictures = {
  GIF: { type: "image/gif", ending: "gif", bytes: decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==") },
  PNG: { type: "image/png", ending: "png", bytes: decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") },
  JPEG: { type: "image/jpeg", ending: "jpg", bytes: decode("/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=") },
  WebP: { type: "image/webp", ending: "webp", bytes: decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA") },
};

export function freshId() {
  return randomBytes(16).toString("base64url");
}
