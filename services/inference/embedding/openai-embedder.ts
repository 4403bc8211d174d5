import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { type Embedder, normalise } from './embedder.ts';

/** What `POST /embeddings` answers, the parts that we read (OpenAI API reference, also Ollama, vLLM, LM Studio). */
const EmbeddingsReply = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.int().nonnegative() }).optional(),
});

export type OpenAiOptions = {
  /** Base URL with the version, e.g. `http://127.0.0.1:11434/v1`. */
  url: string;
  model: string;
  apiKey: string | null;
  timeoutMs: number;
  fetch?: typeof fetch;
};

/**
 * Embeddings from any OpenAI-compatible endpoint. Throws `unavailable` when it does not answer in time or is busy,
 * `dependency_failed` when its answer makes no sense: wrong count, mixed dimensions, not numbers.
 */
export function createOpenAiEmbedder(options: OpenAiOptions): Embedder {
  return {
    model: options.model,
    provider: 'openai',
    async embed(texts, signal) {
      const reply = EmbeddingsReply.safeParse(await post(options, texts, signal));
      if (!reply.success) throw failed(options, `answered in an unknown form: ${z.prettifyError(reply.error)}`);
      const inOrder = [...reply.data.data].sort((a, b) => a.index - b.index).map((item) => item.embedding);
      if (inOrder.length !== texts.length)
        throw failed(options, `sent ${inOrder.length} vectors for ${texts.length} texts`);
      const dims = new Set(inOrder.map((embedding) => embedding.length));
      if (dims.size > 1) throw failed(options, `mixed vectors of ${[...dims].join(' and ')} dimensions`);
      return {
        vectors: inOrder.map((embedding) => normalise(Float32Array.from(embedding))),
        inputTokens: reply.data.usage?.prompt_tokens ?? 0,
      };
    },
  };
}

async function post(options: OpenAiOptions, input: readonly string[], signal: AbortSignal): Promise<unknown> {
  const send = options.fetch ?? fetch;
  let response: Response;
  try {
    response = await send(`${options.url}/embeddings`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
      },
      body: JSON.stringify({ model: options.model, input, encoding_format: 'float' }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]),
    });
    if (response.ok) return await response.json();
    await response.body?.cancel();
  } catch (cause) {
    throw new AppError('unavailable', `embeddings endpoint for ${options.model} does not answer`, { cause });
  }
  const code = response.status === 429 || response.status >= 500 ? 'unavailable' : 'dependency_failed';
  throw new AppError(code, `embeddings endpoint for ${options.model} answered ${response.status}`);
}

function failed(options: OpenAiOptions, what: string): AppError {
  return new AppError('dependency_failed', `embeddings endpoint for ${options.model} ${what}`, { retryable: false });
}
