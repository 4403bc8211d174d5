/**
 * OTTL that makes a log record of a line as Docker hands it over: what supervisor/shipping/log-line.ts does for the
 * embedded fleet. A line that is not JSON stays its own body, under the name of its container.
 */
const severities = { trace: 'TRACE', debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' };

/** Fields that become part of the record or of its resource. */
const known = ['level', 'message', 'msg', 'timestamp', 'time', 'trace_id', 'span_id', 'trace_flags', 'pid', 'hostname'];
const resource = { service: 'service.name', version: 'service.version', instance: 'service.instance.id' };

const has = (field: string) => `where log.cache["${field}"] != nil`;

export const logStatements: readonly string[] = [
  'merge_maps(log.cache, ParseJSON(log.body), "upsert") where IsString(log.body) and IsMatch(log.body, "^\\\\{")',
  'set(log.attributes["service.name"], log.attributes["fluent.tag"])',
  'set(log.attributes["deployment.environment.name"], "compose")',
  ...Object.entries(resource).map(
    ([field, attribute]) => `set(log.attributes["${attribute}"], log.cache["${field}"]) ${has(field)}`,
  ),
  `set(log.time, Time(log.cache["timestamp"], "%Y-%m-%dT%H:%M:%S.%LZ")) ${has('timestamp')}`,
  // What is no JSON is read by where it was said, as there.
  'set(log.cache["level"], "info") where log.cache["level"] == nil and log.attributes["source"] == "stdout"',
  'set(log.cache["level"], "warn") where log.cache["level"] == nil and log.attributes["source"] == "stderr"',
  `set(log.severity_text, log.cache["level"]) ${has('level')}`,
  ...Object.entries(severities).map(
    ([level, name]) => `set(log.severity_number, SEVERITY_NUMBER_${name}) where log.cache["level"] == "${level}"`,
  ),
  `set(log.trace_id.string, log.cache["trace_id"]) ${has('trace_id')}`,
  `set(log.span_id.string, log.cache["span_id"]) ${has('span_id')}`,
  `set(log.body, log.cache["message"]) ${has('message')}`,
  'merge_maps(log.attributes, log.cache, "insert")',
  // Stores filter by plain attributes: nested fields become dotted names.
  'flatten(log.attributes)',
  `delete_matching_keys(log.attributes, "^(${[...known, ...Object.keys(resource), 'env', 'fluent\\\\.tag', 'container_id', 'container_name', 'source'].join('|')})$")`,
];
