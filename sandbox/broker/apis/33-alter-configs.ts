import type { Cluster } from '../cluster.ts';
import { changedConfigs, topicOverrides } from '../configs/resource.ts';
import { codeOf, ErrorCode, ProtocolError } from '../errors.ts';
import { array, bool, int8, int16, int32, nullableString, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * AlterConfigs · key 33 · versions 0–1
 *
 * Behaviour: replaces all settings of a topic: what is not named goes back to its default. In effect at once.
 */
const request = struct({
  resources: array(
    struct({ type: int8, name: string, configs: array(struct({ name: string, value: nullableString })) }),
  ),
  validateOnly: bool,
});

const result = struct({ errorCode: int16, errorMessage: nullableString, type: int8, name: string });
const response = struct({ throttleTimeMs: int32, results: array(result) });

type Wanted = ValueOf<typeof request>['resources'][number];

export const alterConfigs = defineApi({
  key: 33,
  name: 'AlterConfigs',
  versions: [0, 1],
  flexibleSince: 2,
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
    topicOverrides(cluster, type, name);
    const after = changedConfigs({}, configs);
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
