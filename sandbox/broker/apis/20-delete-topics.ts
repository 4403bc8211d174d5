import { codeOf, ErrorCode } from '../errors.ts';
import { array, int16, int32, since, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * DeleteTopics · key 20 · versions 0–1
 *
 * Behaviour: gone at once, with its files and with the offsets that groups had committed in it; waiting fetches are
 * answered UNKNOWN_TOPIC_OR_PARTITION.
 * Versions: 1 throttle time.
 */
const request = struct({ names: array(string), timeoutMs: int32 });

const response = struct({
  throttleTimeMs: since(1, int32),
  topics: array(struct({ name: string, errorCode: int16 })),
});

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  versions: [0, 1],
  flexibleSince: 4,
  request,
  response,
  handle(cluster, body) {
    const topics = body.names.map((name) => {
      try {
        cluster.topics.delete(name);
        cluster.groups.forgetTopic(name);
        return { name, errorCode: ErrorCode.NONE };
      } catch (error) {
        return { name, errorCode: codeOf(error) };
      }
    });
    return { throttleTimeMs: 0, topics };
  },
  refuse: (body, errorCode) => ({ throttleTimeMs: 0, topics: body.names.map((name) => ({ name, errorCode })) }),
});
