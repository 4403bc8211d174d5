import { z } from 'zod';
import { type ErrorCode, errorCodes, errorTitles, Problem } from '../errors.ts';
import { errorsOf } from './errors-of.ts';
import type { Route } from './route.ts';

type Json = { [key: string]: unknown };

export type Api = {
  title: string;
  version: string;
  description: string;
  routes: readonly Route[];
  /** Limits each caller, and answers for services behind it. */
  edge?: true;
  /** Fields of the header of every answer, unless it was refused before anybody read it; by name: what it says. */
  everyAnswer?: Readonly<Record<string, string>>;
};

/** Header fields of answers, by their name in `components`. Those that an answer may lack are not required. */
const headerFields = {
  RequestId: [
    'x-request-id',
    'Id of the request, to find its log lines; the caller’s own, if it sent a usable one',
    true,
  ],
  RetryAfter: ['retry-after', 'Seconds until another try makes sense', false],
  WwwAuthenticate: ['www-authenticate', 'What kind of token is wanted', true],
  RateLimit: ['ratelimit', 'What is left: `"policy";r=requests;t=seconds until the next`', false],
  RateLimitPolicy: ['ratelimit-policy', 'The limit of this caller: `"policy";q=requests;w=seconds`', false],
} as const satisfies Record<string, readonly [field: string, description: string, required: boolean]>;
type HeaderName = keyof typeof headerFields;
const headerAt = '#/components/headers/';

/** Renders an API as an OpenAPI 3.1 document. Pure: the same routes give the same bytes. */
export function openApiOf(api: Api): Json {
  const paths: Record<string, Json> = {};
  const used = new Set<ErrorCode>();
  for (const route of api.routes) {
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, api) };
    for (const [code, when] of errorsOf(route, api.edge === true)) if (when === null) used.add(code);
  }
  const codes = (Object.keys(errorCodes) as ErrorCode[]).filter((code) => used.has(code));
  const responses = Object.fromEntries(
    codes.map((code) => [pascal(code), errorResponse(code, errorTitles[code], api)]),
  );
  const text = JSON.stringify([paths, responses]);
  const headers = (Object.keys(headerFields) as HeaderName[]).filter((name) => text.includes(`${headerAt}${name}"`));
  return {
    openapi: '3.1.0',
    info: { title: api.title, version: api.version, description: api.description },
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, 'output') },
      headers: Object.fromEntries(
        headers.map((name) => [name, headerOf(headerFields[name][1], headerFields[name][2])]),
      ),
      responses: {
        ...responses,
        Problem: {
          description: 'What went wrong (RFC 9457)',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of the identity service',
        },
        ...(api.routes.some(({ apiKey }) => apiKey)
          ? { apiKey: { type: 'http', scheme: 'bearer', description: 'The API key that both sides share' } }
          : {}),
      },
    },
  };
}

function operationOf(route: Route, api: Api): Json {
  const parameters = [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...parametersOf(route.headers, 'header'),
  ];
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...securityOf(route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } },
        }
      : {}),
    responses: responsesOf(route, api),
  };
}

function securityOf({ roles, apiKey }: Route): Json {
  if (roles !== undefined) return { security: [{ bearer: [] }], 'x-roles': [...roles] };
  return { security: apiKey === true ? [{ apiKey: [] }] : [] };
}

function responsesOf(route: Route, api: Api): Json {
  const responses: Json = {};
  for (const [status, schema] of Object.entries(route.responses)) {
    const own = Object.entries(route.answerHeaders ?? {}).map(([name, says]) => [name, headerOf(says, true)]);
    responses[status] = {
      description: route.summary,
      headers: { ...headersOf(['RequestId'], api), ...Object.fromEntries(own) },
      ...contentOf(route, schema),
    };
  }
  for (const [code, when] of errorsOf(route, api.edge === true)) {
    responses[errorCodes[code].status] =
      when === null ? { $ref: `#/components/responses/${pascal(code)}` } : errorResponse(code, when, api);
  }
  responses.default = { $ref: '#/components/responses/Problem' };
  return responses;
}

function contentOf({ media }: Route, schema: z.ZodType | null): Json {
  if (schema !== null) return { content: { 'application/json': { schema: jsonSchema(schema, 'output') } } };
  if (media === undefined) return {};
  if (media.type === 'application/pdf') return { content: { [media.type]: {} } };
  // OpenAPI 3.1 knows no streams: the schemas of `data`, by the name of the event, are an extension.
  const events = Object.entries(media.events).map(([name, data]) => [name, jsonSchema(data, 'output')]);
  return { content: { [media.type]: { schema: { type: 'string' }, 'x-events': Object.fromEntries(events) } } };
}

function errorResponse(code: ErrorCode, description: string, api: Api): Json {
  const { status, retryable } = errorCodes[code];
  const headers: HeaderName[] = ['RequestId'];
  if (retryable) headers.push('RetryAfter');
  if (code === 'unauthenticated') headers.push('WwwAuthenticate');
  const exactly = { properties: { status: { const: status }, code: { const: code } } };
  return {
    description,
    headers: headersOf(headers, api),
    content: {
      'application/problem+json': { schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, exactly] } },
    },
  };
}

function headersOf(names: readonly HeaderName[], { edge, everyAnswer = {} }: Api): Json {
  const limits: HeaderName[] = edge === true ? ['RateLimit', 'RateLimitPolicy'] : [];
  return Object.fromEntries([
    ...[...names, ...limits].map((name) => [headerFields[name][0], { $ref: headerAt + name }]),
    ...Object.entries(everyAnswer).map(([name, says]) => [name, headerOf(says, false)]),
  ]);
}

function headerOf(description: string, required: boolean): Json {
  return { description, ...(required ? { required } : {}), schema: { type: 'string' } };
}

/** `POST /orders` → `postOrders`, `GET /orders/:id/timeline` → `getOrdersByIdTimeline`. */
function operationIdOf(route: Route): string {
  const words = route.path
    .split(/[^A-Za-z0-9:]+/)
    .filter((word) => word !== '')
    .map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word)));
  return route.method.toLowerCase() + words.join('');
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query' | 'header'): Json[] {
  if (!schema) return [];
  const object = jsonSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: where,
      required: where === 'path' || (object.required ?? []).includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    reused: 'inline',
    unrepresentable: 'any',
  }) as Json;
  return rest;
}

/** `not_found` → `NotFound`. */
function pascal(code: string): string {
  return code.split('_').map(capital).join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
