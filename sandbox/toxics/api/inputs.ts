/** Bodies of Toxiproxy's API, and two fields more: `ttl_ms` (a lease) and `seed`. Unknown fields are ignored, as there. */
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { ToxicKind } from '../kinds/kind.ts';
import { toxicKinds } from '../kinds/kinds.ts';
import type { ProxyInput, ToxicInput } from '../proxy/proxies.ts';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Stream, Toxic } from '../proxy/toxic.ts';
import { badBody, missingField } from './errors.ts';
import { parseInput } from './read-body.ts';

/** Longest lease: a day. */
const ttlMs = z.int().min(1).max(86_400_000).nullable().default(null);
const text = z.string().max(500);

/** A name is a part of a path. */
const name = text.regex(/^[^/\s]*$/, 'must not contain / or white space');

const NewProxy = z.object({
  name: name.default(''),
  listen: text.default(''),
  upstream: text.default(''),
  enabled: z.boolean().default(true),
});

/** Throws `missing required field: …` with Toxiproxy's words; `at` is added to them. */
export function readNewProxy(body: unknown, at = ''): ProxyInput {
  const input = parseInput(NewProxy, body);
  for (const field of ['name', 'upstream'] as const) if (input[field] === '') throw missingField(field + at);
  return { ...input, listen: input.listen === '' ? '127.0.0.1:0' : input.listen };
}

export function readProxies(body: unknown): ProxyInput[] {
  const list = parseInput(z.array(z.unknown()).max(10_000), body);
  return list.map((entry, index) => readNewProxy(entry, ` at proxy ${index + 1}`));
}

/** What is not given stays as it is. */
export function readProxyUpdate(
  body: unknown,
  proxy: TcpProxy,
): { change: Omit<ProxyInput, 'name'>; ttlMs: number | null } {
  const ProxyUpdate = z.object({
    listen: text.default(proxy.listen),
    upstream: text.default(proxy.upstream),
    enabled: z.boolean().default(proxy.enabled),
    ttl_ms: ttlMs,
  });
  const { ttl_ms, ...change } = parseInput(ProxyUpdate, body);
  return { change, ttlMs: ttl_ms };
}

const toxicity = z.number().min(0).max(1);

const NewToxic = z.object({
  name: name.default(''),
  type: text.default(''),
  stream: text.default('downstream'),
  toxicity: toxicity.default(1),
  attributes: z.unknown().optional(),
  ttl_ms: ttlMs,
  seed: text.nullable().default(null),
});

export function readNewToxic(body: unknown, seed: string): ToxicInput {
  const input = parseInput(NewToxic, body);
  const stream = readStream(input.stream);
  const kind = toxicKinds.get(input.type);
  if (kind === undefined) throw new AppError('invalid_argument', 'invalid toxic type');
  return {
    name: input.name === '' ? `${input.type}_${stream}` : input.name,
    kind,
    stream,
    toxicity: input.toxicity,
    attributes: readAttributes(kind, input.attributes ?? {}),
    ttlMs: input.ttl_ms,
    seed: input.seed ?? seed,
  };
}

/** Attributes that are not given stay as they are. */
export function readToxicUpdate(body: unknown, toxic: Toxic): Pick<Toxic, 'attributes' | 'toxicity'> {
  const ToxicUpdate = z.object({
    toxicity: toxicity.default(toxic.toxicity),
    attributes: z.record(z.string(), z.unknown()).default({}),
  });
  const input = parseInput(ToxicUpdate, body);
  return {
    toxicity: input.toxicity,
    attributes: readAttributes(toxic.kind, { ...toxic.attributes, ...input.attributes }),
  };
}

function readAttributes(kind: ToxicKind, given: unknown): Record<string, number> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw badBody('attributes: must be an object');
  return parseInput(kind.attributes, given, 'attributes');
}

function readStream(given: string): Stream {
  const stream = given.toLowerCase();
  if (stream === 'upstream' || stream === 'downstream') return stream;
  throw new AppError('invalid_argument', 'stream was invalid, can be either upstream or downstream');
}
