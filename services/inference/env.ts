import { z } from 'zod';
import { databaseEnv, url } from '#kit/env.ts';

/** What inference needs besides the base variables. Without EMBEDDINGS_URL it embeds lexically, on its own. */
export const env = {
  ...databaseEnv,
  EMBEDDINGS_URL: url.optional().describe('OpenAI-compatible base URL, e.g. http://127.0.0.1:11434/v1'),
  EMBEDDINGS_MODEL: z.string().min(1).default('text-embedding-3-small'),
  EMBEDDINGS_API_KEY: z.string().min(1).optional(),
  EMBEDDINGS_TIMEOUT_MS: z.coerce.number().int().min(50).max(60_000).default(2_000),
};
