/** Value types as DescribeConfigs numbers them (ConfigDef.Type). */
export const ConfigType = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
} as const;

/** Where a value comes from, as DescribeConfigs numbers it. */
export const ConfigSource = { TOPIC: 1, DYNAMIC_BROKER: 2, STATIC_BROKER: 4, DEFAULT: 5 } as const;

export interface ConfigDefinition {
  name: string;
  type: number;
  default: string;
  documentation: string;
  /** Names of the broker-wide setting behind it. */
  brokerName?: string;
  allowed?: readonly string[];
  min?: number;
}

/** Null when `value` is acceptable, else a sentence that says why not. */
export function complaintAbout(definition: ConfigDefinition, value: string): string | null {
  const { name, type, allowed, min } = definition;
  const numeric = type === ConfigType.INT || type === ConfigType.LONG || type === ConfigType.DOUBLE;
  if (numeric && !/^-?\d+(\.\d+)?$/.test(value)) return `${name} must be a number, not "${value}"`;
  if (numeric && type !== ConfigType.DOUBLE && !/^-?\d+$/.test(value)) return `${name} must be a whole number`;
  if (min !== undefined && Number(value) < min) return `${name} must be at least ${min}`;
  if (type === ConfigType.BOOLEAN && value !== 'true' && value !== 'false') return `${name} must be true or false`;
  if (allowed && !value.split(',').every((part) => allowed.includes(part.trim()))) {
    return `${name} must be one of ${allowed.join(', ')}`;
  }
  return null;
}
