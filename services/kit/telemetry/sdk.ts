import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  NoopSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { peersFromEnv } from './peers.ts';
import { preciseStart } from './precise-start.ts';
import { createSpanLedger, peerProcessor, type SpanLedger } from './processors.ts';

export type TelemetryOptions = {
  service: string;
  version: string;
  instance: string;
  environment: string;
  /** OTLP/HTTP base URL; without it spans are made (for log correlation) but not exported. */
  endpoint: string | undefined;
  /** `key=value` pairs, comma-separated (the form of OTEL_EXPORTER_OTLP_HEADERS). */
  headers: string | undefined;
  /** Environment to learn peer addresses from. */
  env: NodeJS.ProcessEnv;
};

export type Telemetry = {
  ledger: SpanLedger;
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** Spans wait at most this long for company, so that a trace grows on screen while it happens. */
const exportDelayMs = 200;

/**
 * A lean tracing SDK: no metrics, no logs, no resource detectors, batches of spans over one kept-alive connection.
 * The exporter's own requests are never traced.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const ledger = createSpanLedger(exportProcessor(options));
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      [names.serviceName]: options.service,
      [names.serviceVersion]: options.version,
      [names.serviceInstanceId]: options.instance,
      [names.deploymentEnvironment]: options.environment,
      'process.pid': process.pid,
    }),
    spanProcessors: [preciseStart(), peerProcessor(peersFromEnv(options.env)), ledger],
  });
  provider.register();
  return {
    ledger,
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  };
}

function exportProcessor(options: TelemetryOptions): SpanProcessor {
  if (options.endpoint === undefined) return new NoopSpanProcessor();
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: parseHeaders(options.headers),
    timeoutMillis: 5_000,
    keepAlive: true,
    concurrencyLimit: 4,
  });
  return new BatchSpanProcessor(exporter, {
    scheduledDelayMillis: exportDelayMs,
    maxExportBatchSize: 512,
    maxQueueSize: 16_384,
    exportTimeoutMillis: 6_000,
  });
}

function parseHeaders(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '')
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const cut = pair.indexOf('=');
      return [pair.slice(0, cut).trim(), decodeURIComponent(pair.slice(cut + 1).trim())];
    }),
  );
}
