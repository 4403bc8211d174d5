import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';

/** Adds up the duplicates that inboxes have absorbed since the first look; a process that begins again counts from 0. */
export function createDuplicateCount(): (patterns: readonly ServicePatterns[]) => number {
  const known = new Map<string, number>();
  let total = 0;
  return (all) => {
    for (const { service, patterns } of all) {
      for (const { name, facts } of patterns?.find(({ pattern }) => pattern === 'inbox')?.parts ?? []) {
        const now = Number(facts.duplicatesAbsorbed);
        if (!Number.isFinite(now)) continue;
        const before = known.get(`${service} ${name}`) ?? now;
        total += now >= before ? now - before : now;
        known.set(`${service} ${name}`, now);
      }
    }
    return total;
  };
}
