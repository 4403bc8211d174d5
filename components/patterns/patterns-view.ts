import type { PatternName, PatternPart, PatternStatus, ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { knownPatterns, type PatternGroup } from './pattern-groups.ts';

/** One pattern as one service has it. */
export type ServicePattern = { service: string; status: PatternStatus };

/** One pattern over all services that have it. */
export type PatternView = {
  pattern: PatternName;
  title: string;
  description: string;
  threatens: readonly string[];
  services: readonly ServicePattern[];
  /** Names of its figures, in the order in which services tell them. */
  columns: readonly string[];
};

export type PatternsFilter = {
  show: 'all' | PatternGroup | 'off';
  service: string | null;
};

/** What services say about their patterns, turned round: pattern by pattern, in the order of the page. */
export function patternViews(services: readonly ServicePatterns[], filter: PatternsFilter): PatternView[] {
  return knownPatterns
    .filter(({ group }) => filter.show === 'all' || filter.show === 'off' || filter.show === group)
    .flatMap(({ pattern, title }) => {
      const having = services
        .filter(({ service }) => filter.service === null || service === filter.service)
        .flatMap(({ service, patterns }) =>
          (patterns ?? []).filter((status) => status.pattern === pattern).map((status) => ({ service, status })),
        )
        .filter(({ status }) => filter.show !== 'off' || !status.enabled);
      const [first] = having;
      if (first === undefined) return [];
      return [
        {
          pattern,
          title,
          description: first.status.description,
          threatens: [...new Set(having.flatMap(({ status }) => status.threatens))].sort(naturally),
          services: having,
          columns: columnsOf(having.flatMap(({ status }) => status.parts)),
        },
      ];
    });
}

/** Services that told nothing, with the reason. */
export function silentServices(services: readonly ServicePatterns[]): { service: string; reason: string }[] {
  return services.flatMap(({ service, patterns, reason }) =>
    patterns === null ? [{ service, reason: reason ?? 'no reason given' }] : [],
  );
}

export function switchedOff(services: readonly ServicePatterns[]): ServicePattern[] {
  return services.flatMap(({ service, patterns }) =>
    (patterns ?? []).filter(({ enabled }) => !enabled).map((status) => ({ service, status })),
  );
}

/** A switch's answer, put in its place before the stream brings it. */
export function withStatus(services: ServicePatterns[], service: string, status: PatternStatus): ServicePatterns[] {
  return services.map((one) =>
    one.service === service
      ? { ...one, patterns: one.patterns?.map((had) => (had.pattern === status.pattern ? status : had)) ?? null }
      : one,
  );
}

function columnsOf(parts: readonly PatternPart[]): string[] {
  return [...new Set(parts.flatMap(({ facts }) => Object.keys(facts)))];
}

/** S2 before S13. */
function naturally(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
