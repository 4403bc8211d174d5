/**
 * Loads a library with its OpenTelemetry instrumentation attached.
 *
 * All libraries that need patching (grpc-js, http under fastify) are CommonJS. Required from here, they pass
 * through require-in-the-middle, so neither `--import` of a loader hook (a second thread, ≈ 10 MB and 100 ms per
 * process) nor any import order in a service is needed, and a service pays only for what it uses. The price: these
 * libraries are imported nowhere but in the kit (types excepted).
 */
import { createRequire } from 'node:module';
import type { Instrumentation } from '@opentelemetry/instrumentation';

const require = createRequire(import.meta.url);

export type InstrumentationName = 'http' | 'undici' | 'grpc';

/** Scope names under which each instrumentation's spans appear. */
export const scopes: Record<InstrumentationName, string> = {
  http: '@opentelemetry/instrumentation-http',
  undici: '@opentelemetry/instrumentation-undici',
  grpc: '@opentelemetry/instrumentation-grpc',
};

/** One per process by nature: patches are process-wide. */
const active = new Map<InstrumentationName, Instrumentation>();

/** Attaches an instrumentation, once. Must come before the library is required for the first time. */
export function instrument(name: InstrumentationName): void {
  if (active.has(name)) return;
  // grpc-js requires http itself, and require-in-the-middle never patches what went through it once unpatched.
  if (name === 'grpc') instrument('http');
  active.set(name, create(name));
}

/** Names attached so far in this process. */
export function activeInstrumentations(): InstrumentationName[] {
  return [...active.keys()];
}

/** Attaches the instrumentation and requires the library through it. */
export function requireInstrumented<T>(name: InstrumentationName, library: string): T {
  instrument(name);
  return require(library) as T;
}

function create(name: InstrumentationName): Instrumentation {
  switch (name) {
    case 'http': {
      const { HttpInstrumentation } =
        require('@opentelemetry/instrumentation-http') as typeof import('@opentelemetry/instrumentation-http');
      return new HttpInstrumentation({
        disableOutgoingRequestInstrumentation: true,
        ignoreIncomingRequestHook: (request) =>
          (request.url?.startsWith('/health/') ?? false) && request.headers['x-orrery-self-check'] === undefined,
      });
    }
    case 'undici': {
      const { UndiciInstrumentation } =
        require('@opentelemetry/instrumentation-undici') as typeof import('@opentelemetry/instrumentation-undici');
      return new UndiciInstrumentation({ requireParentforSpans: true });
    }
    case 'grpc': {
      const { GrpcInstrumentation } =
        require('@opentelemetry/instrumentation-grpc') as typeof import('@opentelemetry/instrumentation-grpc');
      return new GrpcInstrumentation({ ignoreGrpcMethods: [/^Health/] });
    }
  }
}
