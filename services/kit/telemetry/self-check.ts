import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Logger } from '../logger.ts';
import type { SpanLedger } from './processors.ts';
import { withSpan } from './spans.ts';

/** Exercises one instrumentation once, cheaply and without side effects. */
export type Probe = (signal: AbortSignal) => Promise<unknown>;

export type SelfCheckReport = {
  state: 'pending' | 'ok' | 'failed';
  /** Per instrumentation: how many spans its probe produced, and why it failed. */
  instrumentations: Record<string, { ok: boolean; spans: number; error?: string }>;
};

export type SelfCheck = {
  /** Declares that this process uses an instrumentation: its scope name, and a probe that must make it record. */
  add(name: string, scope: string, probe: Probe): void;
  /** A process that stops meanwhile (`signal`) is not judged: its probes fail because of that. */
  run(signal?: AbortSignal): Promise<SelfCheckReport>;
  report(): SelfCheckReport;
};

/**
 * Proves after start-up that each instrumentation in use records spans. A patch that silently does not apply (a
 * library imported too early, a new major version) leaves holes in every trace and is otherwise noticed by nobody.
 */
export function createSelfCheck(deps: { ledger: SpanLedger; log: Logger; timeoutMs?: number }): SelfCheck {
  const probes = new Map<string, { scope: string; probe: Probe }>();
  let report: SelfCheckReport = { state: 'pending', instrumentations: {} };

  async function run(signal?: AbortSignal): Promise<SelfCheckReport> {
    const instrumentations: SelfCheckReport['instrumentations'] = {};
    for (const [name, { scope, probe }] of probes) {
      instrumentations[name] = await check(scope, probe);
      if (signal?.aborted) return report;
    }
    const failed = Object.entries(instrumentations).filter(([, result]) => !result.ok);
    report = { state: failed.length === 0 ? 'ok' : 'failed', instrumentations };
    for (const [instrumentation, result] of failed) {
      deps.log.warn({ instrumentation, error: result.error }, 'telemetry self-check failed');
    }
    if (failed.length === 0) {
      deps.log.info({ instrumentations: Object.keys(instrumentations) }, 'telemetry self-check passed');
    }
    return report;
  }

  async function check(scope: string, probe: Probe): Promise<SelfCheckReport['instrumentations'][string]> {
    let counts: ReadonlyMap<string, number> = new Map();
    let error: string | undefined;
    try {
      await context.with(ROOT_CONTEXT, () =>
        withSpan('telemetry self-check', {}, async (span) => {
          counts = deps.ledger.watch(span.spanContext().traceId);
          await probe(AbortSignal.timeout(deps.timeoutMs ?? 2_000));
        }),
      );
      // Server spans end on the response's close event, one turn after the client has its answer.
      await new Promise((resolve) => setTimeout(resolve, 20));
    } catch (caught) {
      error = caught instanceof Error ? caught.message : String(caught);
    } finally {
      deps.ledger.unwatch();
    }
    const spans = counts.get(scope) ?? 0;
    if (error === undefined && spans === 0) error = `probe ran but no span of ${scope} was recorded`;
    return error === undefined ? { ok: true, spans } : { ok: false, spans, error };
  }

  return {
    add: (name, scope, probe) => {
      probes.set(name, { scope, probe });
    },
    run,
    report: () => report,
  };
}
