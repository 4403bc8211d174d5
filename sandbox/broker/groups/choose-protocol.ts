import type { Protocol } from './group.ts';

type Voter = { protocols: readonly Protocol[] };

/** Protocol names that every member supports. */
export function commonProtocols(members: readonly Voter[]): Set<string> {
  const [first, ...rest] = members;
  const names = (first?.protocols ?? []).map((p) => p.name);
  return new Set(names.filter((name) => rest.every((m) => m.protocols.some((p) => p.name === name))));
}

/** Each member votes for the first of its protocols that all support; most votes win, ties go to the earlier vote. */
export function chooseProtocol(members: readonly Voter[]): string {
  const common = commonProtocols(members);
  const votes = new Map<string, number>();
  for (const member of members) {
    const choice = member.protocols.find((p) => common.has(p.name))?.name;
    if (choice !== undefined) votes.set(choice, (votes.get(choice) ?? 0) + 1);
  }
  let winner = '';
  for (const [name, count] of votes) if (count > (votes.get(winner) ?? 0)) winner = name;
  return winner;
}
