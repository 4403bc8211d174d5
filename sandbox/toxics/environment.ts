import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

const Environment = z.object({
  HOST: z.literal('127.0.0.1').default('127.0.0.1').describe('Only loopback: the API has no login'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8474),
  TOXICS_CONFIG: z.string().optional().describe("File of proxies to begin with, as Toxiproxy's -config: a JSON array"),
  TOXICS_SEED: z.string().default('orrery').describe('Decisions of toxicity and jitter follow from it'),
  LOG_LEVEL: z.string().default('info'),
});

/** The environment, parsed once. Throws `invalid_argument` that names the variables that are wrong. */
export function readEnvironment(variables: NodeJS.ProcessEnv): z.infer<typeof Environment> {
  const parsed = Environment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_argument', `environment: ${wrong.join('; ')}`);
}
