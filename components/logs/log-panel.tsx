'use client';

import { ListFilterPlus, ListX } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { clock, dateTime, nanoToMs } from '#components/format/time.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { Ago } from '#components/ui/time.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { valueText } from './key-fields.ts';
import { SeverityWord } from './severity.tsx';

export type FilterBy = (field: string, op: 'eq' | 'neq', value: string | number | boolean) => void;

export type LogPanelProps = {
  log: LogRecord;
  colour: number | null;
  /** Narrows the list; whether it can is asked first. */
  onFilter: FilterBy;
  canFilter: (field: string, value: string | number | boolean) => boolean;
  /** The lines around it. */
  context: ReactNode;
};

/** Everything one line says, each value with copy, filter for and filter out. */
export function LogPanel({ log, colour, onFilter, canFilter, context }: LogPanelProps) {
  const atMs = nanoToMs(log.timeUnixNano);
  const { orderId } = log.attributes;
  const names = Object.keys(log.attributes)
    .filter((name) => name !== 'instance' || log.attributes.instance !== log.instance)
    .sort();
  const actions = { onFilter, canFilter };
  return (
    <div className="flex flex-col">
      <div className="flex items-start gap-2 border-b border-border py-3 pr-2 pl-4">
        <p className="mr-auto min-w-0 font-mono text-base break-words whitespace-pre-wrap">{log.body}</p>
        <CopyButton value={log.body} label="Copy message" />
      </div>
      <dl className="border-b border-border py-1">
        <Field name="time" value={dateTime(atMs)} filterable={false} {...actions}>
          {dateTime(atMs).slice(0, 10)} {clock(atMs)} <Ago atMs={atMs} className="ml-2 font-sans text-tertiary" />
        </Field>
        <Field name="severity" value={log.severity} {...actions}>
          <SeverityWord severity={log.severity} />
        </Field>
        <Field name="service" value={log.service} {...actions}>
          <ServiceName name={log.service} colour={colour} />
        </Field>
        {log.instance ? <Field name="instance" value={log.instance} {...actions} /> : null}
        {log.traceId ? (
          <Field name="trace" value={log.traceId} {...actions}>
            <Door href={`/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}`}>{log.traceId}</Door>
          </Field>
        ) : null}
        {log.spanId ? <Field name="spanId" value={log.spanId} {...actions} /> : null}
      </dl>
      <section aria-label="Fields" className="border-b border-border py-1">
        {names.length === 0 ? (
          <p className="px-4 py-2 text-sm text-tertiary">This line has no fields.</p>
        ) : (
          <dl>
            {names.map((name) => {
              const value = log.attributes[name];
              if (value === undefined) return null;
              return (
                <Field key={name} name={name} value={Array.isArray(value) ? valueText(value) : value} {...actions}>
                  {name === 'orderId' && typeof orderId === 'string' ? (
                    <Door href={`/orders/${orderId}`}>{orderId}</Door>
                  ) : (
                    valueText(value)
                  )}
                </Field>
              );
            })}
          </dl>
        )}
      </section>
      {context}
    </div>
  );
}

function Door({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className="rounded-sm text-accent underline-offset-2 hover:underline">
      {children}
    </Link>
  );
}

function Field(props: {
  name: string;
  value: string | number | boolean;
  filterable?: boolean;
  onFilter: FilterBy;
  canFilter: LogPanelProps['canFilter'];
  children?: ReactNode;
}) {
  const { name, value, filterable = true, onFilter, canFilter, children } = props;
  const can = filterable && canFilter(name, value);
  return (
    <div className="group relative flex min-h-7 items-start gap-2 py-0.5 pr-2 pl-4 hover:bg-raised">
      <dt className="w-32 shrink-0 truncate py-1 text-sm text-secondary" title={name}>
        {name}
      </dt>
      <dd className="flex min-w-0 flex-1 items-start gap-1">
        <span className="mr-auto min-w-0 py-1 font-mono text-sm break-words whitespace-pre-wrap">
          {children ?? String(value)}
        </span>
        <span className="flex shrink-0 [@media(hover:hover)]:absolute [@media(hover:hover)]:top-0.5 [@media(hover:hover)]:right-2 [@media(hover:hover)]:bg-raised [@media(hover:hover)]:opacity-0 group-focus-within:opacity-100! group-hover:opacity-100!">
          {can ? (
            <>
              <Tooltip content="Filter for this value">
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={`Filter for ${name} ${value}`}
                  onClick={() => onFilter(name, 'eq', value)}
                >
                  <ListFilterPlus aria-hidden />
                </Button>
              </Tooltip>
              <Tooltip content="Filter out this value">
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={`Filter out ${name} ${value}`}
                  onClick={() => onFilter(name, 'neq', value)}
                >
                  <ListX aria-hidden />
                </Button>
              </Tooltip>
            </>
          ) : null}
          <CopyButton value={String(value)} label={`Copy ${name}`} />
        </span>
      </dd>
    </div>
  );
}
