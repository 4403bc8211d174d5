import { createRequire } from 'node:module';
import type * as grpcModule from '@grpc/grpc-js';
import type * as loaderModule from '@grpc/proto-loader';
import { requireInstrumented } from '../telemetry/instrument.ts';

export const grpc = requireInstrumented<typeof grpcModule>('grpc', '@grpc/grpc-js');
const loader = createRequire(import.meta.url)('@grpc/proto-loader') as typeof loaderModule;

/**
 * Loads one service of a .proto file. Field names become camelCase; int64 arrives as number (our amounts stay far
 * below 2^53); absent fields have their defaults.
 */
export function loadService(proto: URL, fullName: string): grpcModule.ServiceClientConstructor {
  const definition = loader.loadSync(proto.pathname, {
    keepCase: false,
    longs: Number,
    enums: String,
    defaults: true,
    arrays: true,
    oneofs: true,
  });
  let found: unknown = grpc.loadPackageDefinition(definition);
  for (const part of fullName.split('.')) found = (found as Record<string, unknown> | undefined)?.[part];
  if (typeof found !== 'function') throw new TypeError(`${proto.pathname} has no service ${fullName}`);
  return found as unknown as grpcModule.ServiceClientConstructor;
}
