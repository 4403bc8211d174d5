import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { createSpanLedger, peerProcessor, type SpanLedger } from '../telemetry/processors.ts';

export type RecordedTracing = {
  ledger: SpanLedger;
  /** Finished spans so far. */
  spans(): ReadableSpan[];
  reset(): void;
};

/** Records spans in memory, for the whole test file: tracing is process-wide. `peers` maps `host:port` to a name. */
export function recordTracing(peers: ReadonlyMap<string, string> = new Map()): RecordedTracing {
  const exporter = new InMemorySpanExporter();
  const ledger = createSpanLedger(new SimpleSpanProcessor(exporter));
  new NodeTracerProvider({ spanProcessors: [peerProcessor(peers), ledger] }).register();
  return { ledger, spans: () => exporter.getFinishedSpans(), reset: () => exporter.reset() };
}
