import type { Cluster } from '../cluster.ts';
import { changedConfigs, topicOverrides } from '../configs/resource.ts';
import { effectiveConfig } from '../configs/topic-configs.ts';
import { codeOf, ErrorCode, ProtocolError } from '../errors.ts';
import { array, bool, int8, int16, int32, nullableString, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * IncrementalAlterConfigs · key 44 · versions 0–1
 *
 * Behaviour: sets, deletes, appends to or subtracts from single settings of a topic (KIP-339). In effect at once.
 * Versions: 1 flexible.
 */
const request = struct({
  resources: array(
    struct({
      type: int8,
      name: string,
      configs: array(struct({ name: string, operation: int8, value: nullableString })),
    }),
  ),
  validateOnly: bool,
});

const result = struct({ errorCode: int16, errorMessage: nullableString, type: int8, name: string });
const response = struct({ throttleTimeMs: int32, results: array(result) });

type Wanted = ValueOf<typeof request>['resources'][number];
type Change = Wanted['configs'][number];

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

export const incrementalAlterConfigs = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: [0, 1],
  flexibleSince: 1,
  request,
  response,
  handle: (cluster, body) => ({
    throttleTimeMs: 0,
    results: body.resources.map((wanted) => alter(cluster, wanted, body.validateOnly)),
  }),
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    results: body.resources.map(({ type, name }) => ({ errorCode, errorMessage: null, type, name })),
  }),
});

function alter(cluster: Cluster, { type, name, configs }: Wanted, validateOnly: boolean): ValueOf<typeof result> {
  try {
    const before = topicOverrides(cluster, type, name);
    const changes = configs.map((change) => ({ name: change.name, value: valueAfter(before, change) }));
    const after = changedConfigs(before, changes);
    if (!validateOnly) cluster.topics.setConfigs(name, after);
    return { errorCode: ErrorCode.NONE, errorMessage: null, type, name };
  } catch (error) {
    return {
      errorCode: codeOf(error),
      errorMessage: error instanceof ProtocolError ? error.message : null,
      type,
      name,
    };
  }
}

function valueAfter(before: Readonly<Record<string, string>>, { name, operation, value }: Change): string | null {
  if (operation === DELETE) return null;
  if (value === null) throw new ProtocolError(ErrorCode.INVALID_REQUEST, `${name} has no value`);
  if (operation === SET) return value;
  const present = effectiveConfig(before, name).split(',').filter(Boolean);
  const named = value.split(',').filter(Boolean);
  if (operation === APPEND) return [...new Set([...present, ...named])].join(',');
  if (operation === SUBTRACT) return present.filter((item) => !named.includes(item)).join(',');
  throw new ProtocolError(ErrorCode.INVALID_REQUEST, `unknown operation ${operation}`);
}
