import { shortId } from '#components/format/time.ts';
import type { AttributeValue, LogRecord } from '#contracts/telemetry/query.ts';

/** Said by the row already, the same on every line of a process, or an id of no other page. */
const quiet = new Set(['version', 'instance', 'requestId', 'host', 'groupId', 'memberId']);
/** Told first, in this order. */
const loud = ['err.message', 'error', 'reason', 'orderId', 'event', 'method', 'route', 'status', 'durationMs'];
const most = 8;

/** What a log row shows after its message: the telling fields first, ids short. */
export function keyFields(record: Pick<LogRecord, 'attributes'>): { name: string; value: string }[] {
  const { attributes } = record;
  const names = Object.keys(attributes).filter((name) => !quiet.has(name) && !name.endsWith('.stack'));
  // The route says what the path says, with less.
  const told = names.filter((name) => !(name === 'path' && attributes.route !== undefined));
  const rank = (name: string) => (loud.includes(name) ? loud.indexOf(name) : loud.length);
  return told
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, most)
    .map((name) => ({ name, value: shortValue(attributes[name]) }));
}

/** A field's value as text, whole. */
export function valueText(value: AttributeValue | undefined): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

function shortValue(value: AttributeValue | undefined): string {
  const text = valueText(value).replace(/\s+/g, ' ');
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return `…${shortId(text)}`;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
