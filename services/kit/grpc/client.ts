import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientUnaryCall, ServiceError } from '@grpc/grpc-js';
import { AppError, isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { retryDelayMs } from '../resilience/backoff.ts';
import { remainingMs } from '../resilience/deadline.ts';
import type { Guard } from '../resilience/guard.ts';
import { annotate, withCallee } from '../telemetry/spans.ts';
import { grpc, loadService } from './library.ts';
import { fromGrpcStatus } from './status.ts';

export type GrpcClientOptions = {
  /** Process name of the callee; becomes `peer.service`. */
  peer: string;
  /** `host:port`. */
  address: string;
  proto: URL;
  /** Full name, e.g. `orrery.pricing.v1.Pricing`. */
  serviceName: string;
  /** Default deadline of a call. Default 1 000. */
  timeoutMs?: number;
  /** How long a call waits for a connection while the callee restarts, on top of its deadline. Default 4 000. */
  connectWithinMs?: number;
  /** Attempts at most, of which only those that reached nobody are repeated. Default 2. */
  attempts?: number;
  guard?: Guard;
};

export type GrpcCallOptions = { timeoutMs?: number; signal?: AbortSignal };

export type GrpcClient = {
  /**
   * Calls a unary method. Throws the AppError of the status: `unavailable` when the peer cannot be reached,
   * `deadline_exceeded` after the deadline, `cancelled` on abort, else what the server answered.
   */
  call<Response extends object>(method: string, request: object, options?: GrpcCallOptions): Promise<Response>;
  close(): void;
};

/** With timeouts switched off a call may take this long. */
const endlessMs = 60_000;

type Unary = (
  request: object,
  options: { deadline: number },
  callback: (error: ServiceError | null, answer: object) => void,
) => ClientUnaryCall;

export function createGrpcClient(options: GrpcClientOptions): GrpcClient {
  const Stub = loadService(options.proto, options.serviceName);
  const stub: Client = new Stub(options.address, grpc.credentials.createInsecure(), {
    // Reconnect within a second after the peer was restarted; the default grows to two minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.enable_retries': 0,
  });
  /** A callee that restarts is back in a moment: worth waiting for, since nothing has been sent yet. */
  async function connected(signal: AbortSignal | undefined): Promise<void> {
    if (stub.getChannel().getConnectivityState(true) === grpc.connectivityState.READY) return;
    const withinMs = Math.min(options.connectWithinMs ?? 4_000, remainingMs(signal));
    await new Promise<void>((resolve, reject) => {
      stub.waitForReady(Date.now() + withinMs, (error) => {
        if (error === undefined) resolve();
        else
          reject(
            new AppError('unavailable', `${options.peer} cannot be reached`, { cause: error, retryAfterSeconds: 1 }),
          );
      });
    }).catch((error) => {
      annotate({ [names.unreachable]: options.peer });
      throw error;
    });
  }

  function attemptOnce<Response>(method: string, request: object, { timeoutMs, signal }: GrpcCallOptions) {
    return new Promise<Response>((resolve, reject) => {
      const unary = (stub as unknown as Record<string, Unary | undefined>)[method];
      if (unary === undefined) throw new TypeError(`${options.serviceName} has no method ${method}`);
      const ownMs = timeoutMs ?? options.timeoutMs ?? 1_000;
      const waitMs = Math.min(options.guard?.hasTimeout() === false ? endlessMs : ownMs, remainingMs(signal));
      if (waitMs <= 0) throw new AppError('deadline_exceeded', `no time was left to call ${options.peer}`);
      const deadline = Date.now() + waitMs;
      const call = withCallee({ peer: options.peer }, () =>
        unary.call(stub, request, { deadline }, (error, answer) => {
          signal?.removeEventListener('abort', cancel);
          if (error === null) resolve(answer as Response);
          else reject(fromGrpcStatus(options.peer, error));
        }),
      );
      const cancel = () => call.cancel();
      if (signal?.aborted === true) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  const { guard } = options;
  return {
    async call<Response extends object>(method: string, request: object, call: GrpcCallOptions = {}) {
      const once = async () => {
        await connected(call.signal);
        return attemptOnce<Response>(method, request, call);
      };
      guard?.begin();
      for (let attempt = 1; ; attempt++) {
        try {
          return await (guard === undefined ? once() : guard.run(once));
        } catch (error) {
          // `unavailable` means that nobody has seen the call, so any method may be repeated.
          const lost = isAppError(error, 'unavailable') && call.signal?.aborted !== true;
          if (!lost || attempt >= (options.attempts ?? 2) || guard?.mayRetry() === false) throw error;
          await sleep(retryDelayMs(attempt, error, Math.random), undefined, { signal: call.signal }).catch(() => {
            throw error;
          });
        }
      }
    },
    close: () => stub.close(),
  };
}
