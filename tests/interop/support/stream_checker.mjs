// Is what one follower saw of a channel what its publishers were promised? Returns one sentence for each fault.
//   answered: Map publisher -> ids, in the order of their answers; unanswered: Set of ids; seen: ids, as they came
// Every answered one exactly once and in the order of the answers, one without an answer at most once, nothing else.
export function faultsOfStream({ answered, unanswered, seen }) {
  const faults = [];
  const places = new Map();
  for (const [publisher, ids] of answered) ids.forEach((id, number) => places.set(id, { publisher, number }));
  const had = new Set();
  const last = new Map();
  for (const id of seen) {
    if (had.has(id)) faults.push(`${id} came twice`);
    had.add(id);
    const place = places.get(id);
    if (!place && !unanswered.has(id)) faults.push(`${id} was never published`);
    if (!place) continue;
    const before = last.get(place.publisher) ?? -1;
    if (place.number < before) faults.push(`${id} came behind a later one of ${place.publisher}`);
    last.set(place.publisher, Math.max(place.number, before));
  }
  for (const id of places.keys()) if (!had.has(id)) faults.push(`${id} was answered and is lost`);
  return faults;
}
