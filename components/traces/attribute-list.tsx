import { ListFilter, ListX } from 'lucide-react';
import Link from 'next/link';
import { Fragment } from 'react';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Attributes, AttributeValue } from '#contracts/telemetry/query.ts';
import { oneCondition } from './edit-filter.ts';

export type AttributeListProps = {
  attributes: Attributes;
  /** Whether traces can be searched by them: attributes of a span can, of its resource or events not. */
  searchable?: boolean;
};

/** Names and values; each value can be shown only, excluded and copied. */
export function AttributeList({ attributes, searchable = false }: AttributeListProps) {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return <p className="text-sm text-tertiary">None.</p>;
  return (
    <dl className="-mx-2 text-sm">
      {entries.map(([name, value]) => (
        <div
          key={name}
          className="group relative grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-3 rounded-sm px-2 py-1 hover:bg-raised"
        >
          <dt className="font-mono [overflow-wrap:anywhere] text-secondary">
            {name.split('.').map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a part may repeat within a name
              <Fragment key={index}>
                {index > 0 ? (
                  <>
                    .<wbr />
                  </>
                ) : null}
                {part}
              </Fragment>
            ))}
          </dt>
          <dd className="min-w-0 font-mono break-words whitespace-pre-wrap">
            <Value name={name} value={value} />
            <span className="absolute top-0 right-0 flex rounded-md bg-raised opacity-0 group-hover:opacity-100 focus-within:opacity-100">
              {searchable && !Array.isArray(value) ? (
                <>
                  <FilterLink name={name} value={value} out={false} />
                  <FilterLink name={name} value={value} out />
                </>
              ) : null}
              <CopyButton value={text(value)} label={`Copy ${name}`} />
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FilterLink({ name, value, out }: { name: string; value: string | number | boolean; out: boolean }) {
  const Icon = out ? ListX : ListFilter;
  const title = out ? 'Traces without this value' : 'Only traces with this value';
  return (
    <Button asChild variant="ghost" size="icon-sm">
      <Link href={`/traces?q=${encodeURIComponent(oneCondition(name, out ? 'neq' : 'eq', value))}`} title={title}>
        <Icon aria-hidden />
        <span className="sr-only">
          {title}: {name}
        </span>
      </Link>
    </Button>
  );
}

function Value({ name, value }: { name: string; value: AttributeValue }) {
  if (name === names.orderId && typeof value === 'string') {
    return (
      <Link href={`/orders/${value}`} className="rounded-sm text-accent hover:underline">
        {value}
      </Link>
    );
  }
  return text(value);
}

function text(value: AttributeValue): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
