'use client';

import { Fragment } from 'react';
import { invariantsText } from '#components/proof/judged.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Panel } from '#components/ui/panel.tsx';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { PatternName, PatternPart } from '#contracts/sandbox/control-channel.ts';
import { factLabel, isNumeric } from './fact.ts';
import { FactValue } from './fact-value.tsx';
import { OffBadge } from './off-badge.tsx';
import type { PatternView, ServicePattern } from './patterns-view.ts';

export type PatternPanelProps = {
  view: PatternView;
  colours: ReadonlyMap<string, number | null>;
  onSwitch: (of: ServicePattern, enabled: boolean) => void;
  onReplay: (parked: { service: string; consumer: string; key: string }) => void;
};

/** One pattern: what it does, its figures in every service that has it, and a switch for each. */
export function PatternPanel({ view, colours, onSwitch, onReplay }: PatternPanelProps) {
  const off = view.services.filter(({ status }) => !status.enabled);
  const columns = view.columns.map((name) => ({
    name,
    numeric: isNumeric(view.services.flatMap(({ status }) => status.parts.map(({ facts }) => facts[name]))),
  }));
  return (
    <Panel
      title={view.title}
      note={`${view.services.length} ${view.services.length === 1 ? 'service' : 'services'}`}
      actions={off.length > 0 ? <OffBadge>off in {off.map(({ service }) => service).join(', ')}</OffBadge> : null}
    >
      <p className="border-b border-border px-4 py-2 text-sm text-secondary max-md:px-3">
        {view.description}
        {view.threatens.length > 0 ? (
          <span className="text-tertiary"> While it is off, {invariantsText(view.threatens)} may break.</span>
        ) : null}
      </p>
      <Table label={`${view.title} by service`}>
        <TableHead>
          <tr>
            <TableHeader className="w-36">Service</TableHeader>
            <TableHeader>Guards</TableHeader>
            {columns.map(({ name, numeric }) => (
              <TableHeader key={name} numeric={numeric}>
                {factLabel(name)}
              </TableHeader>
            ))}
            <TableHeader className="w-16 text-right">On</TableHeader>
          </tr>
        </TableHead>
        <tbody>
          {view.services.map((one) => (
            <ServiceRows
              key={one.service}
              of={one}
              title={view.title}
              columns={columns}
              colour={colours.get(one.service) ?? null}
              onSwitch={onSwitch}
              onReplay={onReplay}
            />
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

type ServiceRowsProps = {
  of: ServicePattern;
  title: string;
  columns: readonly { name: string; numeric: boolean }[];
  colour: number | null;
  onSwitch: PatternPanelProps['onSwitch'];
  onReplay: PatternPanelProps['onReplay'];
};

/** A row per part that the pattern guards; name and switch of the service stand beside all of them. */
function ServiceRows({ of, title, columns, colour, onSwitch, onReplay }: ServiceRowsProps) {
  const { service, status } = of;
  const parts: readonly (PatternPart | null)[] = status.parts.length > 0 ? status.parts : [null];
  return (
    <Fragment>
      {parts.map((part, index) => (
        <TableRow
          // biome-ignore lint/suspicious/noArrayIndexKey: two parts may guard the same upstream, and parts never reorder
          key={index}
          data-service={service}
          className={cn(!status.enabled && 'tint [--tint:var(--fault)]')}
        >
          {index === 0 ? (
            <TableCell rowSpan={parts.length} className="align-top font-medium">
              <span className="flex h-8 items-center">
                <ServiceName name={service} colour={colour} />
              </span>
            </TableCell>
          ) : null}
          {/* The first cell of a further row is not the table's first column, and takes no margin of it. */}
          <TableCell className="max-w-72 truncate text-secondary first:pl-2 max-md:first:pl-1.5">
            {part?.name ?? <Quantity of={null} />}
            {part !== null && typeof part.facts.consumer === 'string' && replayed.has(status.pattern) ? (
              <ReplayButton
                sent={typeof part.facts.replayedAt === 'string'}
                parked={{ service, consumer: part.facts.consumer, key: part.name }}
                onReplay={onReplay}
              />
            ) : null}
          </TableCell>
          {columns.map(({ name, numeric }) => (
            <TableCell key={name} numeric={numeric} className="last:pr-2 max-md:last:pr-1.5">
              <FactValue pattern={status.pattern} name={name} fact={part?.facts[name]} />
            </TableCell>
          ))}
          {index === 0 ? (
            <TableCell rowSpan={parts.length} className="text-right align-top">
              <span className="flex h-8 items-center justify-end">
                {status.switchable ? (
                  <Switch
                    checked={status.enabled}
                    onCheckedChange={(enabled) => onSwitch(of, enabled)}
                    aria-label={`${title} in ${service}`}
                  />
                ) : (
                  <span className="text-tertiary">always</span>
                )}
              </span>
            </TableCell>
          ) : null}
        </TableRow>
      ))}
    </Fragment>
  );
}

/** Patterns whose parts are parked keys. A person need not wait until one is due. */
const replayed: ReadonlySet<PatternName> = new Set(['retry-topic', 'dead-letter']);

function ReplayButton(props: {
  /** It is on its way. */
  sent: boolean;
  parked: Parameters<PatternPanelProps['onReplay']>[0];
  onReplay: PatternPanelProps['onReplay'];
}) {
  const { sent, parked, onReplay } = props;
  return (
    <Button
      size="sm"
      className="ml-2"
      disabled={sent}
      aria-label={`Replay ${parked.key} in ${parked.service}`}
      onClick={() => onReplay(parked)}
    >
      {sent ? 'Replaying…' : 'Replay'}
    </Button>
  );
}
