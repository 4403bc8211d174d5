import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attributes, Filter } from '#contracts/telemetry/query.ts';
import { silentLog } from '#sandbox/log.ts';
import { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';

/** What the tests of this folder share: a store on a free port in a temporary folder, and OTLP to put into it. */
export const otlpKey = 'test-otlp-key';
export const token = 'test-token';

export type TestTelemetry = Telemetry & AsyncDisposable & { dataDir: string };

export async function startForTest(options: Partial<TelemetryOptions> = {}): Promise<TestTelemetry> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const defaults = { host: '127.0.0.1', port: 0, dataDir, otlpKey, token, budgetBytes: 2 ** 30, log: silentLog };
  const telemetry = await startTelemetry({ ...defaults, ...options });
  return {
    ...telemetry,
    dataDir,
    async [Symbol.asyncDispose]() {
      await telemetry.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'orrery-telemetry-'));
}

/** Calls the query API; the parsed JSON with its status. */
export async function api<T>(
  base: string,
  path: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<{ status: number; body: T }> {
  const response = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
}

export function emptyFilter(): Filter {
  return { conditions: [], text: null };
}

export const everything = { fromMs: 0, toMs: null };

export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}
export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

export type TestSpan = {
  service?: string;
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  /** OTLP number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind?: number;
  startMs?: number;
  durationMs?: number;
  attributes?: Attributes;
  error?: boolean;
};

/** Spans as an OTLP/JSON request, one resource group per span. */
export function tracesJson(spans: readonly TestSpan[]): unknown {
  return {
    resourceSpans: spans.map((span) => {
      const startMs = span.startMs ?? Date.now();
      return {
        resource: { attributes: attributesJson({ 'service.name': span.service ?? 'orders' }) },
        scopeSpans: [
          {
            scope: { name: 'test' },
            spans: [
              {
                traceId: span.traceId ?? newTraceId(),
                spanId: span.spanId ?? newSpanId(),
                parentSpanId: span.parentSpanId ?? '',
                name: span.name ?? 'work',
                kind: span.kind ?? 1,
                startTimeUnixNano: nano(startMs),
                endTimeUnixNano: nano(startMs + (span.durationMs ?? 5)),
                attributes: attributesJson(span.attributes ?? {}),
                status: { code: span.error === true ? 2 : 0 },
              },
            ],
          },
        ],
      };
    }),
  };
}

export type TestLog = {
  service?: string;
  body?: string;
  severityNumber?: number;
  timeMs?: number;
  traceId?: string;
  attributes?: Attributes;
};

/** Log records as an OTLP/JSON request. */
export function logsJson(logs: readonly TestLog[]): unknown {
  return {
    resourceLogs: logs.map((log) => ({
      resource: { attributes: attributesJson({ 'service.name': log.service ?? 'orders' }) },
      scopeLogs: [
        {
          logRecords: [
            {
              timeUnixNano: nano(log.timeMs ?? Date.now()),
              severityNumber: log.severityNumber ?? 9,
              body: { stringValue: log.body ?? 'something happened' },
              attributes: attributesJson(log.attributes ?? {}),
              traceId: log.traceId ?? '',
            },
          ],
        },
      ],
    })),
  };
}

function nano(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

function attributesJson(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueJson(value) }));
}

function anyValueJson(value: Attributes[string]): unknown {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueJson) } };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Sends an OTLP/JSON request with the key. */
export function sendOtlp(base: string, signal: 'traces' | 'logs', body: unknown): Promise<Response> {
  return fetch(`${base}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-orrery-otlp-key': otlpKey },
    body: JSON.stringify(body),
  });
}

export type SseEvent = { event: string; data: unknown };

/** Reads a stream's events one after the other; throws when none comes within the deadline. */
export async function openStream(base: string, path: string, deadlineMs = 5000) {
  const abort = new AbortController();
  const response = await fetch(base + path, { headers: { authorization: `Bearer ${token}` }, signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = '';
  return {
    status: response.status,
    async next<T>(): Promise<{ event: string; data: T }> {
      const deadline = AbortSignal.timeout(deadlineMs);
      const late = new Promise<never>((_, reject) => {
        deadline.addEventListener('abort', () => reject(new Error(`no event from ${path} within ${deadlineMs} ms`)));
      });
      for (;;) {
        const end = buffered.indexOf('\n\n');
        if (end >= 0) {
          const block = buffered.slice(0, end);
          buffered = buffered.slice(end + 2);
          const event = /^event: (.*)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (event !== undefined && data !== undefined) return { event, data: JSON.parse(data) as T };
          continue;
        }
        const chunk = await Promise.race([reader?.read(), late]);
        if (chunk === undefined || chunk.done) throw new Error(`${path} ended`);
        buffered += chunk.value;
      }
    },
    close: () => abort.abort(),
  };
}

/** The cursor of the page that follows these rows. */
export function pageAfter(traces: readonly { startUnixNano: string; traceId: string }[]): string | null {
  const last = traces.at(-1);
  return last === undefined ? null : `${last.startUnixNano}/${last.traceId}`;
}
