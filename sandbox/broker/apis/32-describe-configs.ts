import type { Cluster } from '../cluster.ts';
import { ConfigSource } from '../configs/config-definition.ts';
import { type DescribedConfig, describeResource } from '../configs/resource.ts';
import { codeOf, ErrorCode, ProtocolError } from '../errors.ts';
import {
  array,
  bool,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  until,
  type ValueOf,
} from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * DescribeConfigs · key 32 · versions 0–2
 *
 * Behaviour: every topic setting of Kafka with the value in effect and where it comes from; settings that this broker
 * does not act on are listed with their defaults. Broker settings are read-only.
 * Versions: 0 says only default or not · 1 source and synonyms (KIP-226).
 */
const request = struct({
  resources: array(struct({ type: int8, name: string, configNames: nullableArray(string) })),
  includeSynonyms: since(1, bool),
});

const config = struct({
  name: string,
  value: nullableString,
  readOnly: bool,
  isDefault: until(0, bool),
  source: since(1, int8),
  isSensitive: bool,
  synonyms: since(1, array(struct({ name: string, value: nullableString, source: int8 }))),
});

const result = struct({
  errorCode: int16,
  errorMessage: nullableString,
  type: int8,
  name: string,
  configs: array(config),
});

const response = struct({ throttleTimeMs: int32, results: array(result) });

type Wanted = ValueOf<typeof request>['resources'][number];

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  versions: [0, 2],
  flexibleSince: 4,
  request,
  response,
  handle: (cluster, body) => ({
    throttleTimeMs: 0,
    results: body.resources.map((wanted) => describeOne(cluster, wanted, body.includeSynonyms)),
  }),
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    results: body.resources.map(({ type, name }) => ({ errorCode, errorMessage: null, type, name, configs: [] })),
  }),
});

function describeOne(cluster: Cluster, { type, name, configNames }: Wanted, synonyms: boolean): ValueOf<typeof result> {
  try {
    // kafkajs sends an empty list when it means all.
    const isWanted = (config: DescribedConfig) => !configNames?.length || configNames.includes(config.definition.name);
    const configs = describeResource(cluster, type, name).filter(isWanted);
    const errorCode = ErrorCode.NONE;
    return { errorCode, errorMessage: null, type, name, configs: configs.map((c) => described(c, synonyms)) };
  } catch (error) {
    const errorMessage = error instanceof ProtocolError ? error.message : null;
    return { errorCode: codeOf(error), errorMessage, type, name, configs: [] };
  }
}

function described(
  { definition, value, source, readOnly }: DescribedConfig,
  synonyms: boolean,
): ValueOf<typeof config> {
  const fallback = {
    name: definition.brokerName ?? definition.name,
    value: definition.default,
    source: ConfigSource.DEFAULT,
  };
  const own = source === ConfigSource.TOPIC ? [{ name: definition.name, value, source }] : [];
  return {
    name: definition.name,
    value,
    readOnly,
    isDefault: source === ConfigSource.DEFAULT,
    source,
    isSensitive: false,
    synonyms: synonyms ? [...own, fallback] : [],
  };
}
