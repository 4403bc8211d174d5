import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import { AppError } from '#contracts/errors.ts';
import type { FaultAgent } from '../faults/agent.ts';
import type { Service } from '../service.ts';
import { scopes } from '../telemetry/instrument.ts';
import { createGrpcClient } from './client.ts';
import { grpc, loadService } from './library.ts';
import { toGrpcStatus } from './status.ts';

export type UnaryHandlers = Record<string, (request: never) => Promise<object>>;

export type GrpcServerOptions = {
  proto: URL;
  /** Full name, e.g. `orrery.pricing.v1.Pricing`. */
  serviceName: string;
  /** Method name, as in the proto or with a small first letter → handler. Requests come camel-cased; an AppError becomes its status. */
  handlers: UnaryHandlers;
};

/**
 * Serves unary methods on HOST:GRPC_PORT; resolves with the bound port. Bytes that are not HTTP/2 end their
 * connection and nothing else.
 */
export async function startGrpcServer(
  service: Service<{ GRPC_PORT: number }>,
  options: GrpcServerOptions,
): Promise<number> {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': 1_048_576,
    'grpc.max_concurrent_streams': 256,
  });
  const definition = loadService(options.proto, options.serviceName).service;
  const implementation: UntypedServiceImplementation = {};
  const methods = Object.keys(options.handlers);
  service.faults.offer('grpc-error', { knows: (only) => methods.includes(only) });
  for (const [method, handler] of Object.entries(options.handlers)) {
    implementation[method] = (call: ServerUnaryCall<unknown, object>, callback: sendUnaryData<object>) => {
      const answer = service.faults.isArmed()
        ? struckOr(service.faults, method, () => handler(call.request as never))
        : handler(call.request as never);
      answer.then(
        (reply) => callback(null, reply),
        (error) => {
          const status = toGrpcStatus(error);
          if (status.code === 13) service.log.error({ error, method }, 'grpc call failed');
          callback(status);
        },
      );
    };
  }
  server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `${service.env.HOST}:${service.env.GRPC_PORT}`,
      grpc.ServerCredentials.createInsecure(),
      (error, bound) => (error === null ? resolve(bound) : reject(error)),
    );
  });
  service.shutdown.add('grpc', () => stop(server));
  const client = createGrpcClient({
    peer: service.name,
    address: `127.0.0.1:${port}`,
    proto: options.proto,
    serviceName: options.serviceName,
  });
  service.shutdown.add('grpc self-check client', () => client.close());
  const [method] = Object.keys(options.handlers);
  // An empty request may well be refused; what counts is that it was traced.
  if (method !== undefined)
    service.selfCheck.add('grpc', scopes.grpc, (signal) => client.call(method, {}, { signal }).catch(() => {}));
  service.log.info({ port }, 'grpc listening');
  return port;
}

/** What the handler answers, unless a fault answers first. */
async function struckOr(faults: FaultAgent, method: string, handle: () => Promise<object>): Promise<object> {
  const struck = faults.strike('grpc-error', method);
  if (struck !== null) throw new AppError(struck.fault.code, `${method} fails on purpose: a fault is on`);
  return handle();
}

function stop(server: InstanceType<typeof grpc.Server>): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, 3_000);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
