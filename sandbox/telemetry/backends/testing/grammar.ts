import { parser as logQl } from '@grafana/lezer-logql';
import { parser as traceQl } from '@grafana/lezer-traceql';
import { parser as promQl } from '@prometheus-io/lezer-promql';

const parsers = { traceQl, logQl, promQl };

/** Where the grammar of a query language, as Grafana and Prometheus have it, does not take a query; null when it does. */
export function syntaxError(language: keyof typeof parsers, query: string): string | null {
  let error: string | null = null;
  parsers[language].parse(query).iterate({
    enter(node) {
      if (node.type.isError)
        error ??= `${language} at ${node.from}: ${query.slice(0, node.from)}⟦here⟧${query.slice(node.from)}`;
    },
  });
  return error;
}
