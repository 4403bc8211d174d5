import { parse } from 'yaml';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { type Check, checksOf, pointerTo } from './schemas.ts';

/** One request and what came of it, as a client saw it. */
export type Exchange = {
  service: string;
  method: string;
  /** With its query. */
  path: string;
  /** Of the request, parsed; absent when there was none, or it was no JSON. */
  sent?: unknown;
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
};

export type HttpVerdict = {
  /** `gateway POST /orders 202`; null when the request is for no operation. */
  response: string | null;
  findings: string[];
};

export type HttpContracts = {
  judge: (exchange: Exchange) => HttpVerdict;
  /** Every response of every operation, as in a verdict. */
  responses: readonly string[];
};

type Reference = { $ref: string };
type Header = { required?: boolean };
type Content = Record<string, { schema?: object; 'x-events'?: Record<string, object> }>;
type Response = { headers?: Record<string, Header | Reference>; content?: Content };
type Parameter = { name: string; in: string; required: boolean };
type Operation = {
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, Response | Reference>;
};
type Document = { paths: Record<string, Record<string, Operation>> };

/** Of one connection, or of HTTP itself: no contract names them. */
const transport = new Set([
  ...['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding', 'vary'],
]);
const problemType = 'application/problem+json';

/** Reads the OpenAPI documents of an export and judges exchanges by them; `default` vouches for no status. */
export function readHttpContracts(files: readonly ExportFile[]): HttpContracts {
  const services = new Map(
    files
      .filter(({ path }) => path.startsWith('contracts/openapi/'))
      .map(({ path, content }) => [path.replace(/^.*\/|\.yaml$/g, ''), readService(parse(content) as Document)]),
  );
  return {
    judge(exchange) {
      const judge = services.get(exchange.service);
      if (judge !== undefined) return judge.judge(exchange);
      return { response: null, findings: [`${exchange.service} has no OpenAPI document`] };
    },
    responses: [...services].flatMap(([name, { responses }]) => responses.map((response) => `${name} ${response}`)),
  };
}

function readService(document: Document): { judge: (exchange: Exchange) => HttpVerdict; responses: string[] } {
  const checkAt = checksOf(document);
  const templates = Object.keys(document.paths).map((path) => ({ path, matches: matcherOf(path) }));

  function judge(exchange: Exchange): HttpVerdict {
    const { service, method, path, status } = exchange;
    const [bare = '', query = ''] = path.split('?');
    const about = (problem: string) => `${service} ${method} ${path} → ${status}: ${problem}`;
    const template = templates.find(({ matches }) => matches.test(bare))?.path;
    const known = template === undefined ? undefined : document.paths[template];
    const operation = known?.[method.toLowerCase()];
    if (template === undefined || operation === undefined) {
      return { response: null, findings: judgeNoOperation(exchange, Object.keys(known ?? {})).map(about) };
    }
    const response = `${service} ${method} ${template} ${status}`;
    const declared = operation.responses[status];
    if (declared === undefined) return { response, findings: [about('no such status is documented')] };
    const at =
      '$ref' in declared
        ? declared.$ref.slice(1)
        : pointerTo('paths', template, method.toLowerCase(), 'responses', String(status));
    const findings = [
      ...judgeHeaders(resolve(document, declared), exchange.headers),
      ...judgeBody(resolve(document, declared), at, exchange),
      ...(status < 400 ? judgeRequest(operation, template, exchange, new URLSearchParams(query)) : []),
    ];
    return { response, findings: findings.map(about) };
  }

  /** What a path or method that is not documented may answer: a problem, that names the right methods. */
  function judgeNoOperation({ status, headers, body }: Exchange, methods: readonly string[]): string[] {
    const expected = methods.length > 0 ? 405 : 404;
    if (status !== expected) return [`no operation is documented here, so ${expected} is due`];
    const allowed = (headers.allow ?? '').split(', ').sort().join(', ');
    const documented = methods
      .map((method) => method.toUpperCase())
      .sort()
      .join(', ');
    return [
      ...(expected === 405 && allowed !== documented ? [`allows ${allowed}, documented are ${documented}`] : []),
      ...(headers['content-type']?.startsWith(problemType) ? [] : ['is no problem document']),
      ...checkJson(checkAt(pointerTo('components', 'schemas', 'Problem')), body),
    ];
  }

  function judgeHeaders({ headers = {} }: Response, seen: Exchange['headers']): string[] {
    const missing = Object.entries(headers).filter(
      ([name, header]) => resolve(document, header).required === true && seen[name] === undefined,
    );
    return [
      ...missing.map(([name]) => `the header field ${name} is missing`),
      ...Object.keys(seen)
        .filter((name) => !transport.has(name) && headers[name] === undefined)
        .map((name) => `the header field ${name} is not documented`),
    ];
  }

  function judgeBody({ content = {} }: Response, at: string, { headers, body }: Exchange): string[] {
    const type = headers['content-type']?.split(';')[0]?.trim() ?? '';
    if (Object.keys(content).length === 0) return body === '' ? [] : ['a body is not documented'];
    const documented = content[type];
    if (documented === undefined) return [`the media type ${type || 'none'} is not documented`];
    const place = at + pointerTo('content', type);
    if (documented['x-events'] !== undefined) return judgeStream(documented['x-events'], place, body);
    return type.endsWith('json') ? checkJson(checkAt(`${place}/schema`), body) : [];
  }

  function judgeStream(events: Record<string, object>, at: string, body: string): string[] {
    return eventsIn(body).flatMap(({ event, data }) =>
      events[event] === undefined
        ? [`the event ${event} is not documented`]
        : checkJson(checkAt(at + pointerTo('x-events', event)), data),
    );
  }

  /** What was accepted must be something that the contract lets a client send. */
  function judgeRequest(
    operation: Operation,
    template: string,
    { method, sent }: Exchange,
    query: URLSearchParams,
  ): string[] {
    const names = new Set((operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name));
    const place = pointerTo(
      'paths',
      template,
      method.toLowerCase(),
      'requestBody',
      'content',
      'application/json',
      'schema',
    );
    return [
      ...[...query.keys()].filter((name) => !names.has(name)).map((name) => `took ?${name}, which is not documented`),
      ...(sent === undefined ? [] : operation.requestBody === undefined ? ['took a body'] : checkAt(place)(sent)),
    ];
  }

  const responses = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      Object.keys(operation.responses)
        .filter((status) => status !== 'default')
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
  return { judge, responses };
}

/** Complete events of a stream (HTML standard §9.2); one that was cut off is none. */
export function eventsIn(stream: string): { event: string; data: string }[] {
  return stream
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      return data === undefined ? [] : [{ event: field('event') ?? 'message', data }];
    });
}

function checkJson(check: Check, text: string): string[] {
  try {
    return check(JSON.parse(text)).map((problem) => `body ${problem}`);
  } catch {
    return [`the body is no JSON: ${text.slice(0, 80)}`];
  }
}

function resolve<T extends object>(document: object, part: T | Reference): T {
  if (!('$ref' in part)) return part;
  const steps = part.$ref.slice(2).split('/');
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document) as T;
}

/** `/orders/{id}` matches one segment per parameter. */
function matcherOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+?')}$`);
}
