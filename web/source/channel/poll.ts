// Polling: a page again and again; 304 when there is nothing new.
import type { Line } from "./line";
import { pause } from "./network";
import { askPage, takePage } from "./page";

export async function poll(line: Line): Promise<void> {
  for (let tag = ""; !line.signal.aborted; ) {
    const answer = await askPage(line, tag);
    line.opened();
    if (answer) {
      if (!takePage(line, answer.page)) return;
      tag = answer.tag;
      if (answer.page.more) continue;
    }
    await pause(line.options.pollEvery ?? 1000, line.signal);
  }
}
