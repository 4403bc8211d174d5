/** Kafka's rule for topic names; null when fine, else what is wrong. */
export function topicNameComplaint(name: string): string | null {
  if (name === '') return 'the topic name is empty';
  if (name === '.' || name === '..') return `a topic cannot be called "${name}"`;
  if (name.length > 249) return `the topic name has ${name.length} characters, at most 249 are allowed`;
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) return 'topic names consist of ASCII letters, digits, ".", "_" and "-"';
  return null;
}

/** Names that differ only in "." and "_" would share a metric name in Kafka, which refuses the second. */
export const collisionKey = (name: string) => name.replaceAll('.', '_');

/** Topics that Kafka keeps for itself and consoles hide by default. */
export const isInternalTopic = (name: string) => name === '__consumer_offsets' || name === '__transaction_state';
