import { AppError } from '#contracts/errors.ts';
import { type ExportFault, ExportOptions } from '#contracts/sandbox/export.ts';

/** Options from text, as a form or a command line gives them, or every one that cannot be meant. */
export function readExportOptions(
  given: Readonly<Record<string, unknown>>,
): { options: ExportOptions } | { faults: ExportFault[] } {
  const parsed = ExportOptions.safeParse(given);
  if (parsed.success) return { options: parsed.data };
  const faults = parsed.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ option: String(issue.path[0] ?? ''), message: issue.message }];
    const known = Object.keys(ExportOptions.shape).join(', ');
    return issue.keys.map((option) => ({ option, message: `there is no such option; there are ${known}` }));
  });
  return { faults };
}

/** As readExportOptions; throws `invalid_argument` that names every option at fault. */
export function parseExportOptions(given: Readonly<Record<string, unknown>>): ExportOptions {
  const read = readExportOptions(given);
  if ('options' in read) return read.options;
  const faults = read.faults.map(({ option, message }) => {
    const value = given[option];
    return `${option}${value === undefined ? '' : ` "${String(value).slice(0, 100)}"`}: ${message}`;
  });
  throw new AppError('invalid_argument', faults.join('; '));
}
