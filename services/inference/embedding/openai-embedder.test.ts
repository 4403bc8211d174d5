import { expect, test } from 'vitest';
import { createOpenAiEmbedder } from './openai-embedder.ts';

const never = new AbortController().signal;

function answering(status: number, body: unknown) {
  const seen: { url: string; init: RequestInit }[] = [];
  const embedder = createOpenAiEmbedder({
    url: 'http://127.0.0.1:11434/v1',
    model: 'nomic-embed-text',
    apiKey: 'a key',
    timeoutMs: 1000,
    fetch: async (url, init) => {
      seen.push({ url: String(url), init: init ?? {} });
      return new Response(JSON.stringify(body), { status });
    },
  });
  return { embedder, seen };
}

test('returns unit vectors in the order of the texts, whatever order they came in', async () => {
  const { embedder, seen } = answering(200, {
    data: [
      { index: 1, embedding: [0, 2] },
      { index: 0, embedding: [3, 4] },
    ],
    usage: { prompt_tokens: 7 },
  });
  const { vectors, inputTokens } = await embedder.embed(['first', 'second'], never);
  expect(vectors.map((vector) => [...vector].map((value) => Math.round(value * 10) / 10))).toEqual([
    [0.6, 0.8],
    [0, 1],
  ]);
  expect(inputTokens).toBe(7);
  expect(seen[0]?.url).toBe('http://127.0.0.1:11434/v1/embeddings');
  expect(new Headers(seen[0]?.init.headers).get('authorization')).toBe('Bearer a key');
});

test.each([
  ['busy', 429, {}, 'unavailable'],
  ['broken', 500, {}, 'unavailable'],
  ['refusing', 401, {}, 'dependency_failed'],
  ['talking nonsense', 200, { hello: 1 }, 'dependency_failed'],
  ['short of vectors', 200, { data: [{ index: 0, embedding: [1] }] }, 'dependency_failed'],
  [
    'mixing dimensions',
    200,
    {
      data: [
        { index: 0, embedding: [1] },
        { index: 1, embedding: [1, 2] },
      ],
    },
    'dependency_failed',
  ],
])('an endpoint that is %s fails with the right code', async (_, status, body, code) => {
  await expect(answering(status, body).embedder.embed(['a', 'b'], never)).rejects.toMatchObject({ code });
});
