import { ErrorCode } from '../errors.ts';
import type { CommittedOffset } from '../groups/offsets.ts';
import {
  array,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  type ValueOf,
} from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * OffsetFetch · key 9 · versions 1–4
 *
 * Behaviour: what was committed; −1 for a partition without an offset, never an error for an unknown group.
 * Versions: 2 null topics means all that the group has committed, and a top-level error · 3 throttle time.
 */
const request = struct({
  groupId: string,
  topics: nullableArray(struct({ name: string, partitions: array(int32) })),
});

const partition = struct({ index: int32, offset: int64, metadata: nullableString, errorCode: int16 });

const response = struct({
  throttleTimeMs: since(3, int32),
  topics: array(struct({ name: string, partitions: array(partition) })),
  errorCode: since(2, int16),
});

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  versions: [1, 4],
  flexibleSince: 6,
  request,
  response,
  handle(cluster, body) {
    const committed = cluster.groups.offsetsOf(body.groupId);
    const wanted =
      body.topics ?? [...committed].map(([name, partitions]) => ({ name, partitions: [...partitions.keys()] }));
    const topics = wanted.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((index) => described(index, committed.get(name)?.get(index), ErrorCode.NONE)),
    }));
    return { throttleTimeMs: 0, topics, errorCode: ErrorCode.NONE };
  },
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    topics: (body.topics ?? []).map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((index) => described(index, undefined, errorCode)),
    })),
    errorCode,
  }),
});

function described(
  index: number,
  committed: CommittedOffset | undefined,
  errorCode: number,
): ValueOf<typeof partition> {
  return { index, offset: committed?.offset ?? -1, metadata: committed ? committed.metadata : '', errorCode };
}
