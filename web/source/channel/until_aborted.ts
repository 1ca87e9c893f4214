// Transports that are told by events: settles when `run` says so, at the latest when the line is left.
import type { Line } from "./line";

interface Ending {
  end(): void;
  fail(error: unknown): void;
}

// `run` opens and returns what closes again; that is called once, however it ends.
export function untilAborted(line: Line, run: (ending: Ending) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let close: (() => void) | null = null;
    let isOver = false;
    const finish = (settle: () => void) => {
      if (isOver) return;
      isOver = true;
      line.signal.removeEventListener("abort", left);
      close?.();
      settle();
    };
    const left = () => finish(resolve);
    line.signal.addEventListener("abort", left);
    close = run({ end: () => finish(resolve), fail: (error) => finish(() => reject(error)) });
    if (isOver) close();
    else if (line.signal.aborted) left();
  });
}
