import { mkdirSync, writeFileSync } from 'node:fs';
import { sendOtlp, tracesJson } from '../../testing.ts';
import { createPrometheus } from '../prometheus/prometheus.ts';
import { readRed } from '../prometheus/read-red.ts';
import { trafficAt } from './fixture.ts';
import { questionOf, type Recording } from './recorded-prometheus.ts';

/*
 * Records what the contract suite asks Prometheus: traffic for a minute and a half through a Collector that counts it
 * as compose/ does, then the questions with their answers.
 *
 *   PROMETHEUS_URL=… OTLP_URL=… VERSIONS='{"prometheus": "…", "collector": "…"}' node sandbox/telemetry/backends/testing/record-prometheus.ts
 */
const { PROMETHEUS_URL = '', OTLP_URL = '', VERSIONS = '{}' } = process.env;
const seconds = 95;

for (let second = 0; second < seconds; second++) {
  const response = await sendOtlp(OTLP_URL, 'traces', tracesJson(trafficAt(Date.now())));
  if (!response.ok) throw new Error(`the Collector answers ${response.status}`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
const answers: Recording['answers'] = [];
const ask = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const response = await ask(input, init);
  answers.push({ question: questionOf(new URL(String(input))), answer: (await response.clone().json()) as object });
  return response;
};
const atMs = Date.now();
const shares = { ofService: () => 0, ofEdge: () => 0 };
const { signal } = new AbortController();
const red = await readRed(
  { prometheus: createPrometheus(PROMETHEUS_URL), shares, atMs, signal },
  { windowSeconds: 60, buckets: 4 },
);
const recording: Recording = { recorded: JSON.parse(VERSIONS) as Recording['recorded'], atMs, answers };
const folder = new URL('recordings/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('prometheus.json', folder), `${JSON.stringify(recording, null, 1)}\n`);
process.stdout.write(`${answers.length} answers, ${red.services.length} services, ${red.edges.length} edges\n`);
