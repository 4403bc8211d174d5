import { describe } from 'vitest';
import { queryContract } from './testing/contract.ts';
import { embeddedWorld, realWorld, standInWorld } from './testing/worlds.ts';

describe('the embedded store', () => queryContract(embeddedWorld));

describe('the backends, as documented and recorded', () => queryContract(standInWorld));

const { TEMPO_URL, LOKI_URL, PROMETHEUS_URL, OTLP_URL = 'http://127.0.0.1:4318' } = process.env;
describe.runIf(TEMPO_URL && LOKI_URL && PROMETHEUS_URL)('the real backends', () =>
  queryContract(() =>
    realWorld({ tempo: TEMPO_URL ?? '', loki: LOKI_URL ?? '', prometheus: PROMETHEUS_URL ?? '' }, OTLP_URL),
  ),
);
