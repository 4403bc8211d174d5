import { codeOf, ErrorCode, ProtocolError } from '../errors.ts';
import { array, bool, int16, int32, nullableArray, nullableString, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * CreatePartitions · key 37 · versions 0–1
 *
 * Behaviour: `count` is the new total and must be larger than the present one. Assignments are accepted and mean
 * nothing with one broker.
 * KIPs: 195.
 */
const request = struct({
  topics: array(
    struct({ name: string, count: int32, assignments: nullableArray(struct({ brokerIds: array(int32) })) }),
  ),
  timeoutMs: int32,
  validateOnly: bool,
});

const response = struct({
  throttleTimeMs: int32,
  results: array(struct({ name: string, errorCode: int16, errorMessage: nullableString })),
});

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 1],
  flexibleSince: 2,
  request,
  response,
  handle(cluster, body) {
    const results = body.topics.map(({ name, count }) => {
      try {
        cluster.topics.grow(name, count, body.validateOnly);
        return { name, errorCode: ErrorCode.NONE, errorMessage: null };
      } catch (error) {
        return { name, errorCode: codeOf(error), errorMessage: error instanceof ProtocolError ? error.message : null };
      }
    });
    return { throttleTimeMs: 0, results };
  },
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    results: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
  }),
});
