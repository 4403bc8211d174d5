import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { CapturedLine, type ProcessAction, ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import { Topology } from '#contracts/sandbox/topology.ts';
import { sendJson } from './http.ts';
import { serverSentEvents } from './sse.ts';

export type SupervisorSource = ReturnType<typeof supervisorSource>;

/** Client of the supervisor's control API (contracts/sandbox/control.ts). Throws AppErrors. */
export function supervisorSource({ url, token }: { url: string; token: string }) {
  const at = (path: string, signal?: AbortSignal) => ({ process: 'supervisor', url: `${url}${path}`, token, signal });
  const one = (name: string) => `/v1/processes/${encodeURIComponent(name)}`;
  return {
    processes: (signal?: AbortSignal) => sendJson(z.array(ProcessStatus), at('/v1/processes', signal)),
    topology: (signal?: AbortSignal) => sendJson(Topology, at('/v1/topology', signal)),
    state: (signal?: AbortSignal) => sendJson(SandboxState, at('/v1/state', signal)),
    /** Newest `lines` lines that a process printed. */
    lines: (name: string, lines: number, signal?: AbortSignal) =>
      sendJson(z.array(CapturedLine), at(`${one(name)}/logs?lines=${lines}`, signal)),
    act: (name: string, action: ProcessAction, signal?: AbortSignal) =>
      sendJson(ProcessStatus, { ...at(`${one(name)}/${action}`, signal), method: 'POST', deadlineMs: 10_000 }),
    /** Every process first, then each change, until `signal` aborts. */
    async *stream(signal: AbortSignal, onOpen?: () => void): AsyncGenerator<ProcessStatus> {
      for await (const { event, data } of serverSentEvents(at('/v1/stream', signal))) {
        if (event === 'open') onOpen?.();
        if (event !== 'process') continue;
        const status = ProcessStatus.safeParse(JSON.parse(data));
        if (!status.success) throw new AppError('dependency_failed', 'the supervisor streamed something unknown');
        yield status.data;
      }
    },
  };
}
