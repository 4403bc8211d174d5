import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { AppError } from '#contracts/errors.ts';
import type { Patterns } from '#kit/control/patterns.ts';
import { deadlineHeader, openDeadline, unlessAborted } from '#kit/resilience/deadline.ts';
import type { Guard } from '#kit/resilience/guard.ts';
import { instrument } from '#kit/telemetry/instrument.ts';
import { withCallee, withoutTracing } from '#kit/telemetry/spans.ts';
import { clientHeaders } from './headers.ts';
import { createOutage, type Outage } from './outage.ts';
import type { GatewayRoute, Upstream } from './routes.ts';
import { isGone, toGatewayError, toUpstreamProblem } from './upstream-error.ts';

instrument('undici');

export type UpstreamCall = {
  /** Path and query, built by `upstreamPath`. */
  path: string;
  headers: Record<string, string>;
  /** JSON text, or null. */
  body: string | null;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
};

/** A stream's body is still flowing. */
export type UpstreamAnswer = { status: number; headers: Record<string, string>; body: Readable | Buffer };

export type Forwarder = {
  /**
   * Sends a request to the route's upstream. Resolves with its success answer. Throws the
   * problem that the upstream answered with, `unavailable`, `deadline_exceeded` or `dependency_failed`.
   */
  forward(target: GatewayRoute, call: UpstreamCall): Promise<UpstreamAnswer>;
  close(): Promise<void>;
};

/** Connections per upstream: what one slow upstream can hold at most. Streams last, so they are not counted in. */
export const connectionsPerUpstream = 64;
const connectTimeoutMs = 1_000;
/** History sends a comment every 15 s; a stream that is silent for longer is dead. */
const streamSilenceMs = 45_000;
/** With timeouts switched off an upstream may take this long. */
const endlessMs = 60_000;
/** A service is back well within this time after a restart; whoever stays away longer is down. */
const restartPatienceMs = 4_500;
const mostAttempts = 3;
const largestProblemBytes = 65_536;

export type ForwarderOptions = {
  baseUrls: Record<Upstream, string>;
  /** Breaker, bulkhead and retry budget per upstream; streams go round them, since they last. */
  guards?: Partial<Record<Upstream, Guard>>;
  patterns: Patterns;
};

export function createForwarder({ baseUrls, guards = {}, patterns }: ForwarderOptions): Forwarder {
  patterns.declare('graceful-drain', {
    description:
      'Lets requests that may be repeated wait while an upstream restarts, so that a rolling restart refuses none.',
    threatens: ['R6'],
  });
  patterns.observe('graceful-drain', () => [...outages].map(([name, outage]) => ({ name, facts: outage.view() })));
  const exchanges = new Map<Upstream, Agent>();
  const streams = new Agent({ connectTimeout: connectTimeoutMs, bodyTimeout: streamSilenceMs });
  const agentOf = (target: GatewayRoute): Agent => {
    if (target.stream === true) return streams;
    const known = exchanges.get(target.upstream);
    if (known !== undefined) return known;
    const agent = new Agent({ connections: connectionsPerUpstream, connectTimeout: connectTimeoutMs, pipelining: 1 });
    exchanges.set(target.upstream, agent);
    return agent;
  };
  const outages = new Map<Upstream, Outage>();
  const outageOf = (upstream: Upstream): Outage => {
    const known = outages.get(upstream);
    if (known !== undefined) return known;
    const outage = createOutage(() => isAlive(baseUrls[upstream]), restartPatienceMs);
    outages.set(upstream, outage);
    return outage;
  };
  return {
    async forward(target, call) {
      const url = `${baseUrls[target.upstream]}${call.path}`;
      const guard = target.stream === true ? undefined : guards[target.upstream];
      const outage = outageOf(target.upstream);
      const mayWait = patterns.isOn('graceful-drain');
      const attempt = () => attemptOnce({ dispatcher: agentOf(target), url, target, call, guard, outage, mayWait });
      guard?.begin();
      return guard === undefined ? attempt() : guard.run(attempt);
    },
    async close() {
      await Promise.all([streams.destroy(), ...[...exchanges.values()].map((agent) => agent.close())]);
    },
  };
}

/** Whether somebody answers there; not whether all is well, which is for the answer to say. */
async function isAlive(baseUrl: string): Promise<boolean> {
  const signal = AbortSignal.timeout(500);
  const asking = withoutTracing(() => request(`${baseUrl}/health/live`, { headersTimeout: 500, signal }));
  const answer = await unlessAborted(asking, signal);
  await answer.body.dump();
  return answer.statusCode === 200;
}

type Exchange = {
  dispatcher: Agent;
  url: string;
  target: GatewayRoute;
  call: UpstreamCall;
  guard: Guard | undefined;
  outage: Outage;
  /** Whether to wait for an upstream that restarts. */
  mayWait: boolean;
};

async function attemptOnce(asked: Exchange): Promise<UpstreamAnswer> {
  const { target, call, guard } = asked;
  const timeoutMs = guard?.hasTimeout() === false ? endlessMs : target.timeoutMs;
  const deadline = openDeadline(timeoutMs, call.signal);
  try {
    const callee = { peer: target.upstream, route: target.route };
    const answer = await withCallee(callee, () => exchange(asked, deadline.signal));
    if (answer.statusCode >= 400) throw await toProblem(answer, target.upstream);
    const body = target.stream === true ? answer.body : Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: clientHeaders(answer.headers), body };
  } catch (error) {
    if (call.signal.aborted) throw new AppError('cancelled', 'the caller went away', { cause: error });
    throw toGatewayError(error, target.upstream, timeoutMs, deadline.signal);
  } finally {
    deadline.end();
  }
}

/** One exchange; more of them while the upstream restarts and doing it twice does no harm. */
async function exchange(asked: Exchange, deadline: AbortSignal): Promise<Dispatcher.ResponseData> {
  const { dispatcher, url, target, call, outage, mayWait } = asked;
  const send = () =>
    request(url, {
      dispatcher,
      method: target.route.method,
      headers: { ...call.headers, [deadlineHeader]: String(target.timeoutMs) },
      body: call.body,
      headersTimeout: target.stream === true ? target.timeoutMs : endlessMs,
      // The deadline covers the body as well, except of a stream, which has none.
      signal: target.stream === true ? call.signal : deadline,
    });
  const repeatable = target.route.method === 'GET' || call.headers['idempotency-key'] !== undefined;
  if (!repeatable || !mayWait) return send();
  for (let attempt = 1; ; attempt++) {
    await outage.over(deadline);
    if (deadline.aborted)
      throw new AppError('unavailable', `${target.upstream} is not available; try again`, { retryAfterSeconds: 1 });
    // Whoever is there and breaks off all the same is not restarting.
    const last = attempt >= mostAttempts || call.signal.aborted;
    try {
      const answer = await send();
      if (!isClosing(answer)) {
        outage.ended();
        return answer;
      }
      if (last || !outage.found()) return answer;
      await answer.body.dump();
    } catch (error) {
      if (!isGone(error) || deadline.aborted || last || !outage.found()) throw error;
    }
  }
}

/** A server that is about to stop refuses what still reaches it, and says that the connection ends. */
function isClosing({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  return statusCode === 503 && headers.connection === 'close';
}

async function toProblem(answer: Dispatcher.ResponseData, upstream: Upstream): Promise<AppError> {
  const { code, detail, details } = toUpstreamProblem(await readText(answer.body), upstream);
  const retryAfterSeconds = retryAfter(answer.headers);
  return new AppError(code, detail, { details, ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }) });
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > largestProblemBytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function retryAfter(headers: IncomingHttpHeaders): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
