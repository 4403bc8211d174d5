import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { ChaosState, FaultDescription, type FaultOrder, FaultRun } from '#contracts/sandbox/chaos.ts';
import { CapturedLine, type ProcessAction, ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import {
  ParkedKey,
  type PatternName,
  PatternStatus,
  type ReplayOrder,
  ServicePatterns,
  SwitchedOff,
} from '#contracts/sandbox/control-channel.ts';
import {
  type ExperimentOrder,
  ExperimentRun,
  ExperimentSummary,
  ReadyExperiment,
} from '#contracts/sandbox/experiments.ts';
import { ExportForm, type ExportRequest, ExportResult } from '#contracts/sandbox/export.ts';
import { type LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { Topology } from '#contracts/sandbox/topology.ts';
import { send, sendJson } from './http.ts';
import { serverSentEvents } from './sse.ts';

export type SupervisorSource = ReturnType<typeof supervisorSource>;

/** Client of the supervisor's control API (contracts/sandbox/control.ts). Throws AppErrors. */
export function supervisorSource({ url, token }: { url: string; token: string }) {
  const at = (path: string, signal?: AbortSignal) => ({ process: 'supervisor', url: `${url}${path}`, token, signal });
  const run = (id: string, signal?: AbortSignal) => at(`/v1/load/${encodeURIComponent(id)}`, signal);
  const experiment = (id: string, signal?: AbortSignal) => at(`/v1/experiments/runs/${encodeURIComponent(id)}`, signal);
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
    loadRuns: (signal?: AbortSignal) => sendJson(z.array(LoadRun), at('/v1/load', signal)),
    startLoad: (plan: LoadPlan) =>
      sendJson(LoadRun, { ...at('/v1/load'), method: 'POST', body: plan, deadlineMs: 15_000 }),
    changeLoadRate: (id: string, ratePerSecond: number) =>
      sendJson(LoadRun, { ...run(id), method: 'PATCH', body: { ratePerSecond } }),
    stopLoad: (id: string) => sendJson(LoadRun, { ...run(id), method: 'DELETE' }),
    /** The client history of a run, JSON lines. */
    loadHistory: (id: string, signal?: AbortSignal) =>
      send({ ...run(id, signal), url: `${run(id).url}/history`, deadlineMs: 60_000 }),
    /** The run that goes on or was the last, then each change, until `signal` aborts. */
    async *loadStream(signal: AbortSignal): AsyncGenerator<LoadRun> {
      for await (const { event, data } of serverSentEvents(at('/v1/load/stream', signal))) {
        if (event !== 'load') continue;
        const state = LoadRun.safeParse(JSON.parse(data));
        if (!state.success) throw new AppError('dependency_failed', 'the supervisor streamed something unknown');
        yield state.data;
      }
    },
    exportForm: (signal?: AbortSignal) => sendJson(ExportForm, at('/v1/export', signal)),
    renderExport: (request: ExportRequest, signal?: AbortSignal) =>
      sendJson(ExportResult, { ...at('/v1/export', signal), method: 'POST', body: request, deadlineMs: 15_000 }),
    patterns: (signal?: AbortSignal) => sendJson(z.array(ServicePatterns), at('/v1/patterns', signal)),
    switchedOff: (signal?: AbortSignal) => sendJson(z.array(SwitchedOff), at('/v1/patterns/off', signal)),
    switchPattern: (service: string, pattern: PatternName, enabled: boolean, signal?: AbortSignal) =>
      sendJson(PatternStatus, {
        ...at(`${one(service)}/patterns/${pattern}`, signal),
        method: 'PUT',
        body: { enabled },
      }),
    chaos: (signal?: AbortSignal) => sendJson(ChaosState, at('/v1/chaos', signal)),
    faultCatalogue: (signal?: AbortSignal) => sendJson(z.array(FaultDescription), at('/v1/chaos/catalogue', signal)),
    injectFault: (order: FaultOrder) =>
      sendJson(FaultRun, { ...at('/v1/chaos/faults'), method: 'POST', body: order, deadlineMs: 10_000 }),
    stopFault: (id: string) =>
      sendJson(FaultRun, { ...at(`/v1/chaos/faults/${encodeURIComponent(id)}`), method: 'DELETE' }),
    stopAllFaults: (reason: string) =>
      sendJson(ChaosState, { ...at('/v1/chaos/stop-all'), method: 'POST', body: { reason } }),
    releaseFaults: () => sendJson(ChaosState, { ...at('/v1/chaos/release'), method: 'POST' }),
    /** The state now and after each change, until `signal` aborts. */
    async *chaosStream(signal: AbortSignal): AsyncGenerator<ChaosState> {
      for await (const { event, data } of serverSentEvents(at('/v1/chaos/stream', signal))) {
        if (event !== 'chaos') continue;
        const state = ChaosState.safeParse(JSON.parse(data));
        if (!state.success) throw new AppError('dependency_failed', 'the supervisor streamed something unknown');
        yield state.data;
      }
    },
    readyExperiments: (signal?: AbortSignal) => sendJson(z.array(ReadyExperiment), at('/v1/experiments', signal)),
    experimentRuns: (signal?: AbortSignal) => sendJson(z.array(ExperimentSummary), at('/v1/experiments/runs', signal)),
    experimentRun: (id: string, signal?: AbortSignal) => sendJson(ExperimentRun, experiment(id, signal)),
    startExperiment: (order: ExperimentOrder) =>
      sendJson(ExperimentRun, { ...at('/v1/experiments/runs'), method: 'POST', body: order, deadlineMs: 15_000 }),
    stopExperiment: (id: string) => sendJson(ExperimentRun, { ...experiment(id), method: 'DELETE' }),
    /** The report of a run, one HTML file. */
    experimentReport: (id: string, signal?: AbortSignal) =>
      send({ ...experiment(id, signal), url: `${experiment(id).url}/report` }),
    /** The run that goes on or was the last, then each change, until `signal` aborts. */
    async *experimentStream(signal: AbortSignal): AsyncGenerator<ExperimentRun> {
      for await (const { event, data } of serverSentEvents(at('/v1/experiments/stream', signal))) {
        if (event !== 'experiment') continue;
        const state = ExperimentRun.safeParse(JSON.parse(data));
        if (!state.success) throw new AppError('dependency_failed', 'the supervisor streamed something unknown');
        yield state.data;
      }
    },
    replayParked: (service: string, order: ReplayOrder, signal?: AbortSignal) =>
      sendJson(ParkedKey, { ...at(`${one(service)}/parked/replay`, signal), method: 'POST', body: order }),
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
