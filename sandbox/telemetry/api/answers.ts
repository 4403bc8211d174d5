import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type {
  Facet,
  Filter,
  LogQuery,
  LogRecord,
  LogSearchResult,
  RedQuery,
  RedResult,
  Span,
  StoreStats,
  Trace,
  TraceQuery,
  TraceSearchResult,
  TraceSummary,
} from '#contracts/telemetry/query.ts';

/** Queries as they are once parsed: defaults filled in. */
export type TraceSearch = Required<Omit<TraceQuery, 'filter'>> & { filter: Filter };
export type LogSearch = Required<Omit<LogQuery, 'filter'>> & { filter: Filter };
export type RedWindow = Required<RedQuery>;

/** Who takes what a feed has. `send` may resolve later, when the reader has taken it. */
export type Listener<T> = {
  send(data: T): void | Promise<void>;
  /** Nothing more will come. */
  fail(error: unknown): void;
};
/** Sends what is new from now on; returns the function that stops it. */
export type Feed<T> = (to: Listener<T>) => () => void;

/**
 * What the query API answers (contracts/telemetry/query.ts), whoever holds the telemetry: our own store (embedded.ts),
 * or Tempo, Loki and Prometheus (../backends). Each takes a signal: a client that left stops its query. A feed that
 * cannot begin rejects. Errors are AppErrors.
 */
export type Answers = {
  searchTraces(query: TraceSearch, signal: AbortSignal): Promise<TraceSearchResult>;
  /** Null when nobody has it. */
  trace(traceId: string, signal: AbortSignal): Promise<Trace | null>;
  searchLogs(query: LogSearch, signal: AbortSignal): Promise<LogSearchResult>;
  red(window: RedWindow, signal: AbortSignal): Promise<RedResult>;
  facets(of: 'traces' | 'logs', field: string, signal: AbortSignal): Promise<Facet[]>;
  stats(signal: AbortSignal): Promise<StoreStats>;
  learnFaults(windows: readonly FaultWindow[]): void;
  /** Resolves when queries can be answered, and throws `unavailable` naming what is not there. */
  ready(signal: AbortSignal): Promise<void>;
  followTraces(filter: Filter, signal: AbortSignal): Promise<Feed<TraceSummary>>;
  followSpans(traceId: string, signal: AbortSignal): Promise<Feed<Span[]>>;
  followLogs(filter: Filter, signal: AbortSignal): Promise<Feed<LogRecord[]>>;
  followRed(window: RedWindow, signal: AbortSignal): Promise<Feed<RedResult>>;
};
