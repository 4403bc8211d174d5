import { ErrorCode } from '../errors.ts';
import { array, int16, int32, nullableArray, nullableString, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * ListPartitionReassignments · key 46 · version 0
 *
 * Behaviour: with one broker nothing is ever being moved: an empty list (KIP-455).
 */
const request = struct({
  timeoutMs: int32,
  topics: nullableArray(struct({ name: string, partitions: array(int32) })),
});

const partition = struct({ index: int32, replicas: array(int32), adding: array(int32), removing: array(int32) });

const response = struct({
  throttleTimeMs: int32,
  errorCode: int16,
  errorMessage: nullableString,
  topics: array(struct({ name: string, partitions: array(partition) })),
});

export const listPartitionReassignments = defineApi({
  key: 46,
  name: 'ListPartitionReassignments',
  versions: [0, 0],
  flexibleSince: 0,
  request,
  response,
  handle: () => answer(ErrorCode.NONE),
  refuse: (_body, errorCode) => answer(errorCode),
});

const answer = (errorCode: number) => ({ throttleTimeMs: 0, errorCode, errorMessage: null, topics: [] });
