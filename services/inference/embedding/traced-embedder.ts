import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { SpanKind, withSpan } from '#kit/telemetry/spans.ts';
import type { Embedder } from './embedder.ts';

/** Wraps an embedder in spans of OpenTelemetry's semantic conventions for generative AI (`embeddings <model>`). */
export function tracedEmbedder(embedder: Embedder): Embedder {
  const { model, provider } = embedder;
  const options = {
    kind: provider === 'orrery' ? SpanKind.INTERNAL : SpanKind.CLIENT,
    attributes: {
      [names.genAiOperationName]: 'embeddings',
      [names.genAiProviderName]: provider,
      [names.genAiRequestModel]: model,
    },
  };
  return {
    model,
    provider,
    embed: (texts, signal) =>
      withSpan(`embeddings ${model}`, options, async (span) => {
        const embeddings = await embedder.embed(texts, signal);
        span.setAttribute(names.genAiInputTokens, embeddings.inputTokens);
        span.setAttribute(names.genAiDimensionCount, embeddings.vectors[0]?.length ?? 0);
        return embeddings;
      }),
  };
}
