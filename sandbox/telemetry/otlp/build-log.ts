import type { Attributes, Severity } from '#contracts/telemetry/query.ts';
import type { NewLog, Resource } from '../records.ts';
import { isSpanId, isTraceId } from './build-span.ts';

/** A log record as either encoding gives it, before it is checked. */
export type RawLog = {
  timeNano: bigint;
  observedNano: bigint;
  severityNumber: number;
  severityText: string;
  body: string;
  attributes: Attributes;
  traceId: string;
  spanId: string;
};

export function emptyLog(): RawLog {
  return {
    timeNano: 0n,
    observedNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: '',
    attributes: {},
    traceId: '',
    spanId: '',
  };
}

/** Severity numbers come in fours: 1–4 trace, 5–8 debug, … 21–24 fatal (OTel logs data model). */
const severities: readonly Severity[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** The checked record. Logs are never refused: what is missing gets its neutral value. */
export function buildLog(raw: RawLog, resource: Resource, arrivalNano: bigint): NewLog {
  const sent = raw.timeNano > 0n ? raw.timeNano : raw.observedNano;
  return {
    timeNano: sent > 0n && sent < 1n << 62n ? sent : arrivalNano,
    severity: severityOf(raw),
    service: resource.service,
    instance: resource.instance,
    body: raw.body,
    traceId: isTraceId(raw.traceId) ? raw.traceId : null,
    spanId: isSpanId(raw.spanId) ? raw.spanId : null,
    attributes: raw.attributes,
  };
}

function severityOf({ severityNumber, severityText }: RawLog): Severity {
  const byNumber = severities[Math.floor((severityNumber - 1) / 4)];
  if (byNumber !== undefined) return byNumber;
  const text = severityText.toLowerCase();
  return severities.find((severity) => text.startsWith(severity)) ?? 'info';
}
