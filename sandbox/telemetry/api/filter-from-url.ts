import { AppError } from '#contracts/errors.ts';
import { conditionProblem, parseFilter } from '#contracts/telemetry/filter.ts';
import { Filter } from '#contracts/telemetry/query.ts';

/** Parameters that are not conditions. */
const reserved = new Set(['q', 'filter', 'windowSeconds', 'buckets']);

/**
 * The filter of a stream's URL: `q` in the filter language, or `filter` as JSON; every other parameter is one more
 * condition (`service=orders`). Throws invalid_argument with the position of a mistake.
 */
export function filterFromUrl(params: URLSearchParams): Filter {
  const filter = params.has('filter') ? fromJson(params.get('filter') ?? '') : fromText(params.get('q') ?? '');
  for (const [field, value] of params) {
    if (!reserved.has(field) && value !== '') filter.conditions.push({ field, op: 'eq', value });
  }
  for (const condition of filter.conditions) {
    const problem = conditionProblem(condition);
    if (problem !== null) throw new AppError('invalid_argument', `filter: ${problem}`);
  }
  return filter;
}

function fromText(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok)
    throw new AppError('invalid_argument', `filter, at ${parsed.error.position}: ${parsed.error.message}`, {
      details: { position: parsed.error.position },
    });
  return parsed.filter;
}

function fromJson(text: string): Filter {
  try {
    return Filter.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError('invalid_argument', 'the filter parameter is not a Filter in JSON', { cause: error });
  }
}
