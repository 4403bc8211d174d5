import { z } from 'zod';

/** Kinds of the guide's §3, plus what a sandbox needs beside them. */
export const ProcessKind = z.enum([
  'edge',
  'crud',
  'orchestrator',
  'adapter',
  'inference',
  'worker',
  'read-model',
  'outside-world',
  'database',
  'broker',
  'proxy',
  'telemetry',
  'auditor',
  'console',
]);
export type ProcessKind = z.infer<typeof ProcessKind>;

/** How two parts talk. `kafka-produce` and `kafka-consume` are asynchronous and drawn dashed. */
export const EdgeProtocol = z.enum(['http', 'grpc', 'postgres', 'kafka-produce', 'kafka-consume', 'otlp', 'control']);
export type EdgeProtocol = z.infer<typeof EdgeProtocol>;

export const TopologyEdge = z.object({
  from: z.string().describe('Process or topic name'),
  to: z.string().describe('Process or topic name'),
  protocol: EdgeProtocol,
  description: z.string().describe('What crosses this edge, one short phrase'),
});
export type TopologyEdge = z.infer<typeof TopologyEdge>;

export const TopologyProcess = z.object({
  name: z.string(),
  title: z.string(),
  kind: ProcessKind,
  description: z.string().describe('What it does, one sentence'),
  ports: z.record(z.string(), z.int()).describe('Default port per purpose: http, grpc, kafka, postgres'),
  startAfter: z.array(z.string()).describe('Processes that must be ready before this one starts'),
  database: z.string().nullable().describe('Name of its own Postgres database and login'),
  colour: z.int().min(1).max(10).nullable().describe('Index into --service-1…10; null for infrastructure'),
  resources: z.object({
    cpuRequestMillis: z.int(),
    cpuLimitMillis: z.int(),
    memoryRequestMiB: z.int(),
    memoryLimitMiB: z.int(),
  }),
});
export type TopologyProcess = z.infer<typeof TopologyProcess>;

export const TopologyTopic = z.object({
  name: z.string(),
  partitions: z.int(),
  owner: z.string().describe('The one process that may publish to it'),
  description: z.string(),
});
export type TopologyTopic = z.infer<typeof TopologyTopic>;

/** The one description of the system, as the control API serves it (`GET /v1/topology`). */
export const Topology = z.object({
  processes: z.array(TopologyProcess),
  topics: z.array(TopologyTopic),
  edges: z.array(TopologyEdge),
});
export type Topology = z.infer<typeof Topology>;
