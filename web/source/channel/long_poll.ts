// Long polling: a page that is answered when there is something in it.
import type { Line } from "./line";
import { askPage, takePage } from "./page";

export async function longPoll(line: Line): Promise<void> {
  const query = { wait: line.options.wait ?? 25 };
  for (let isFirst = true; !line.signal.aborted; isFirst = false) {
    const release = line.hold();
    try {
      // The first one is answered at once, so that who has just come knows where it stands.
      const answer = await askPage(line, "", isFirst ? {} : query);
      line.opened();
      if (answer && !takePage(line, answer.page)) return;
    } finally {
      release();
    }
  }
}
