// The table at the end: when to use which.
import { find, make } from "../dom";
import { advise, csv, type Best, type Row, type Setting } from "./advice";
import type { Figures } from "./lane";
import { say, type TextKey } from "./texts";
import { bytes, milliseconds, share } from "./units";

const kColumns = ["transport", "direction", "latency", "overhead", "requests", "held", "data", "use"] as const;

export function drawAdvice(lanes: Figures[], { kind, size }: Setting): void {
  const rows = advise(lanes, size);
  find("#headline").textContent = headline(rows);
  find("#data-note").textContent = say(kind === "binary" ? "data_binary" : "data_text");
  find("#advice tbody").replaceChildren(...rows.map(rowElement));
}

function headline(rows: Row[]): string {
  const [fastest, leanest] = [winner(rows, "fastest", ({ p50 }) => p50 ?? Infinity), winner(rows, "leanest", ({ overhead }) => overhead)];
  if (!fastest || !leanest) return say("measuring");
  return say("headline", {
    fastest: say(fastest.transport), p50: milliseconds(fastest.p50), leanest: say(leanest.transport), overhead: bytes(leanest.overhead),
  });
}

function winner(rows: Row[], best: Best, measure: (row: Row) => number): Row | undefined {
  return rows.filter((row) => row.best.includes(best)).sort((a, b) => measure(a) - measure(b))[0];
}

function rowElement(row: Row): HTMLElement {
  const { transport, direction, p50, p95, overhead, requests, held, inflation, isEnough } = row;
  const values = { p50: milliseconds(p50), p95: milliseconds(p95), overhead: bytes(overhead), requests: share(requests) };
  const texts = isEnough
    ? [say(`direction_${direction}`), `${values.p50} / ${values.p95}`, values.overhead, values.requests, String(held), `${inflation.toFixed(inflation < 10 ? 1 : 0)} ×`, say(`use_${transport}`, values)]
    : [say(`direction_${direction}`), say("measuring"), "", "", "", "", ""];
  const cell = (text: string, i: number) => make("td", { "data-column": say(`column_${kColumns[i + 1]!}`), class: kColumns[i + 1]!, text });
  return make("tr", { "data-transport": transport },
    make("th", { scope: "row" }, make("i"), make("span", { text: say(transport) }), ...row.best.map((best) => make("em", { text: say(`best_${best}` as TextKey) }))),
    ...texts.map(cell));
}

export function saveCsv(lanes: Figures[], setting: Setting): void {
  const address = URL.createObjectURL(new Blob([csv(lanes, setting)], { type: "text/csv" }));
  make("a", { href: address, download: "naru-transports.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
