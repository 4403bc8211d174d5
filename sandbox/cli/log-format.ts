import { styleText } from 'node:util';
import type { CapturedLine } from '#contracts/sandbox/control.ts';

const hidden = new Set([
  'timestamp',
  'time',
  'level',
  'message',
  'msg',
  'service',
  'env',
  'pid',
  'hostname',
  'span_id',
]);

/** A captured line for a person: a JSON line as time, level, message and fields; any other as it is. */
export function formatLine(captured: CapturedLine, process: string | null): string {
  const name = process === null ? '' : `${process.padEnd(10)} `;
  const fields = parse(captured.line);
  if (fields === null) return `${name}${captured.line}`;
  const time = String(fields.timestamp ?? fields.time ?? captured.at).slice(11, 23);
  const level = String(fields.level ?? 'info');
  const rest = Object.entries(fields)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  return `${name}${time} ${colour(level)} ${String(fields.message ?? fields.msg ?? '')} ${styleText('gray', rest)}`.trimEnd();
}

function colour(level: string): string {
  const word = level.padEnd(5);
  if (level === 'error' || level === 'fatal') return styleText('red', word);
  return level === 'warn' ? styleText('yellow', word) : word;
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}
