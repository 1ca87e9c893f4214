// Pictures on their way: chosen, pasted or dropped; measured for the layout; sent by HTTP with the message's id.
import { failed, kLimits, kPictureTypes, type Failure, type Message } from "./protocol";
import type { Draft, Letter, Outcome } from "./outbox";

const kRetryMs = 2000;

// The picture as a draft, or the code of what is wrong with it.
export async function pictureDraft(file: Blob): Promise<Draft | Failure> {
  if (!kPictureTypes.includes(file.type)) return { error: "not_a_picture" };
  if (file.size > kLimits.picture) return { error: "too_large" };
  const url = URL.createObjectURL(file);
  const size = await measured(url);
  if (size) return { kind: "picture", picture: file, url, ...size };
  URL.revokeObjectURL(url);
  return { error: "not_a_picture" };
}

async function measured(url: string): Promise<{ width: number; height: number } | null> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return null;
  }
}

// One try to upload; the same id makes a repeat harmless.
export async function upload(room: string, letter: Letter & { kind: "picture" }): Promise<Outcome> {
  const query = new URLSearchParams({ id: letter.id, width: String(letter.width ?? ""), height: String(letter.height ?? "") });
  try {
    const answer = await fetch(`/api/rooms/${encodeURIComponent(room)}/pictures?${query}`, { method: "POST", body: letter.picture });
    const body = (await answer.json()) as { message: Message } | Failure;
    if (!failed(body)) return { taken: true };
    if (body.error === "slow_down" || body.error === "not_in_room" || answer.status === 503) return { again: body.retry_after ?? kRetryMs };
    return { refused: body.error };
  } catch {
    return { again: kRetryMs };
  }
}

// The pictures in what was pasted or dropped.
export function picturesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}
