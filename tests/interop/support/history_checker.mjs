// Is a history what its senders were promised? Returns one sentence for each fault.
//   sent: Map sender -> ids in the order sent; acknowledged: Set of ids; history: [{sender, id}] in its order.
export function faultsOf({ sent, acknowledged, history }) {
  const faults = [];
  const seen = new Map();
  const last = new Map();
  for (const { sender, id } of history) {
    const number = sent.get(sender)?.indexOf(id) ?? -1;
    if (number < 0) faults.push(`${id} was never sent by ${sender}`);
    seen.set(id, (seen.get(id) ?? 0) + 1);
    if (seen.get(id) === 2) faults.push(`${id} stands twice`);
    if (number >= 0 && number < (last.get(sender) ?? -1)) faults.push(`${id} stands behind a later one of ${sender}`);
    last.set(sender, Math.max(number, last.get(sender) ?? -1));
  }
  for (const id of acknowledged) if (!seen.has(id)) faults.push(`${id} was acknowledged and is lost`);
  return faults;
}
