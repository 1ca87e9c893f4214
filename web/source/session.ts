// Who this browser is: the cookie is the server's business, the person is shown and may be renamed.
import type { Failure, Person } from "./protocol";

const kRetryMs = 2000;

export class Session {
  me: Person = { id: "", nickname: "…", color: 200 };
  private listeners: (() => void)[] = [];

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  // Asks who we are, which also sets the cookie; tries until the server answers.
  async load(): Promise<void> {
    for (;;) {
      try {
        const answer = await fetch("/api/me", { cache: "no-store" });
        if (answer.ok) return this.take(((await answer.json()) as { me: Person }).me);
      } catch {
        // No network yet.
      }
      await new Promise((resolve) => setTimeout(resolve, kRetryMs));
    }
  }

  take(me: Person): void {
    this.me = me;
    for (const listener of this.listeners) listener();
  }

  // Null when it is done.
  async rename(nickname: string): Promise<Failure | null> {
    try {
      const answer = await fetch("/api/me", {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ nickname }),
      });
      const body = (await answer.json()) as { me: Person } | Failure;
      if ("error" in body) return body;
      this.take(body.me);
      return null;
    } catch {
      return { error: "no_line" };
    }
  }
}
