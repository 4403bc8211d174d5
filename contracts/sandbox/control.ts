import { z } from 'zod';
import { Instant } from '../ids.ts';

/**
 * Control API of the supervisor, HTTP on loopback, `Authorization: Bearer <CONTROL_TOKEN>`.
 *
 * | request | answer |
 * |---|---|
 * | GET /v1/topology | Topology |
 * | GET /v1/processes | ProcessStatus[] |
 * | GET /v1/state | SandboxState (what .orrery/state.json holds) |
 * | GET /v1/stream | SSE: `event: process` ProcessStatus on every change and every 2 s while running (usage); first all |
 * | GET /v1/processes/:name/logs?lines=200&after=0 | CapturedLine[] (ring; after: only those with a greater sequence) |
 * | POST /v1/processes/:name/{start,stop,restart,kill,pause,resume} | ProcessStatus after the action was accepted (202) |
 * | GET /v1/patterns | ServicePatterns[]. See ./control-channel.ts |
 * | GET /v1/processes/:name/parked, POST …/parked/replay | ParkedKey[], ParkedKey: what the service's control channel answers |
 * | GET /v1/patterns/off | SwitchedOff[]: what is switched off now |
 * | GET, PUT, DELETE /v1/processes/:name/{patterns,failpoints}[/:name] | what the service's control channel answers |
 * | GET, POST /v1/export | ExportForm · ExportRequest → ExportResult, the bytes of `orrery export`. See ./export.ts |
 * | POST /v1/load | LoadPlan → LoadRun (201) in a process of its own; 409 while one runs. See ./load.ts |
 * | GET /v1/load | LoadRun[] newest first, those of `orrery load` as well |
 * | GET /v1/load/stream | SSE: `event: load` LoadRun, twice a second while one runs; first the last one, if any |
 * | GET, PATCH, DELETE /v1/load/:run | LoadRun · { ratePerSecond } from now on · stops, the second time at once (202) |
 * | GET /v1/load/:run/history | its client history as it is now, JSONL |
 * | /v1/chaos… | faults on purpose. See ./chaos.ts |
 * | /v1/experiments… | faults on a timeline, judged. See ./experiments.ts |
 * | POST /v1/shutdown | 202, then everything stops in reverse order |
 */
export const ProcessState = z.enum([
  'stopped',
  'waiting',
  'starting',
  'running',
  'paused',
  'degraded',
  'stopping',
  'backoff',
  'crash-loop',
  'failed',
]);
export type ProcessState = z.infer<typeof ProcessState>;

export const ProcessAction = z.enum(['start', 'stop', 'restart', 'kill', 'pause', 'resume']);
export type ProcessAction = z.infer<typeof ProcessAction>;

export const ProcessStatus = z.object({
  name: z.string(),
  state: ProcessState.describe(
    'waiting: for another process. starting: spawned, not ready. running: ready. degraded: alive, readiness fails. paused: SIGSTOP. backoff: crashed, restarts at nextStartAt. crash-loop: 5 crashes within a minute, still retried slowly. failed: cannot start, see reason',
  ),
  pid: z.int().nullable(),
  ports: z
    .record(z.string(), z.int())
    .describe('Port in use per purpose; may differ from the default when that was taken'),
  startedAt: Instant.nullable(),
  readyAt: Instant.nullable(),
  restarts: z.int().describe('Starts after the first since the sandbox came up'),
  lastExit: z
    .object({ at: Instant, code: z.int().nullable(), signal: z.string().nullable(), expected: z.boolean() })
    .nullable(),
  nextStartAt: Instant.nullable(),
  reason: z.string().nullable().describe('Why it is not running: what, and the last lines it printed'),
  waitingFor: z.array(z.string()),
  cpuPercent: z.number().nullable().describe('Share of one core over the last sample, 0–100 and above'),
  memoryBytes: z
    .int()
    .nullable()
    .describe(
      'Proportional set size (PSS), between two readings a minute apart moved by the memory of its own; RSS where the kernel tells none',
    ),
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

export const CapturedLine = z.object({
  at: Instant,
  stream: z.enum(['stdout', 'stderr']),
  line: z.string(),
  sequence: z.int().optional().describe('Number of the line since the sandbox came up, from 1; for `?after=`'),
});
export type CapturedLine = z.infer<typeof CapturedLine>;

/** `.orrery/state.json` and `GET /v1/state`. Field names are stable: scripts rely on them. */
export const SandboxState = z.object({
  version: z.literal(1),
  startedAt: Instant,
  home: z.string().describe('State directory, absolute path'),
  ready: z.boolean().describe('True once every process has been ready'),
  supervisor: z.object({ pid: z.int() }),
  endpoints: z.object({
    console: z
      .string()
      .describe(
        'URL of the console; open it with the launch token: see consoleLaunch in launch.json or `orrery status`',
      ),
    gateway: z.string(),
    identity: z.string(),
    kafka: z.string().describe('host:port'),
    otlpHttp: z.string(),
    telemetry: z.string(),
    auditor: z.string(),
    postgres: z.string().describe('host:port'),
    pricingGrpc: z.string().describe('host:port'),
    control: z.string(),
  }),
  processes: z.record(
    z.string(),
    z.object({
      pid: z.int().nullable(),
      state: ProcessState,
      ports: z.record(z.string(), z.int()),
      port: z.int().nullable(),
    }),
  ),
});
export type SandboxState = z.infer<typeof SandboxState>;
