import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { badBody } from './errors.ts';

/** Enough for thousands of proxies. */
const mostBytes = 1024 * 1024;

/** The body as JSON. Throws `payload_too_large`, or `invalid_argument` when it is not JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new AppError('payload_too_large', `the body may have at most ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  const text = new TextDecoder('utf-8', { fatal: true });
  try {
    return JSON.parse(text.decode(Buffer.concat(chunks)));
  } catch {
    throw badBody(size === 0 ? 'it is empty' : 'it is not JSON in UTF-8');
  }
}

/** Checks a value that came in. Throws `invalid_argument` that names each field that is wrong. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, at = ''): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => {
    const where = [...(at === '' ? [] : [at]), ...issue.path.map(String)].join('.');
    return where === '' ? issue.message : `${where}: ${issue.message}`;
  });
  throw badBody(issues.join('; '));
}
