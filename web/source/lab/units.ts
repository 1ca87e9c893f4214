// Numbers as people read them.
export function milliseconds(value: number | null): string {
  if (value === null) return "–";
  if (value >= 999.5) return `${(value / 1000).toFixed(1)} s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function bytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} kB`;
  return `${(value / 1_000_000).toFixed(value < 10_000_000 ? 1 : 0)} MB`;
}

export function share(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
