import { AppError } from '#contracts/errors.ts';
import { ExportOptions } from '#contracts/sandbox/export.ts';

/** Options from text, as a form or a command line gives them. Throws `invalid_argument` that names every option at fault. */
export function parseExportOptions(given: Readonly<Record<string, unknown>>): ExportOptions {
  const parsed = ExportOptions.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(ExportOptions.shape).join(', ');
      return `there is no option ${issue.keys.map((key) => `"${key}"`).join(', ')}; there are ${known}`;
    }
    const name = String(issue.path[0] ?? '');
    const value = given[name];
    return `${name}${value === undefined ? '' : ` "${String(value).slice(0, 100)}"`}: ${issue.message}`;
  });
  throw new AppError('invalid_argument', faults.join('; '), { details: { faults } });
}
