import { duration } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { LoadLatency, LoadRun } from '#contracts/sandbox/load.ts';

const percentiles = ['p50', 'p90', 'p95', 'p99', 'max'] as const;

/** Percentiles of a run, each from when an order was due: a fleet that stands still cannot hide it. */
export function LatencyTable({ run }: { run: Pick<LoadRun, 'accepted' | 'saga' | 'lateness'> }) {
  const rows: readonly (readonly [name: string, latency: LoadLatency])[] = [
    ['Accepted', run.accepted],
    ['Saga ended', run.saga],
    ['Sent', run.lateness],
  ];
  return (
    <Table label="Latency percentiles">
      <TableHead>
        <tr>
          <TableHeader>Until</TableHeader>
          {percentiles.map((name) => (
            <TableHeader key={name} numeric>
              {name}
            </TableHeader>
          ))}
          <TableHeader numeric className="@max-[480px]:hidden">
            Measured
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map(([name, latency]) => (
          <TableRow key={name} data-latency={name}>
            <TableHeader scope="row" className="shadow-none">
              {name}
            </TableHeader>
            {percentiles.map((percentile) => (
              <TableCell key={percentile} numeric data-percentile={percentile}>
                <Quantity of={latency[percentile] === null ? null : duration(latency[percentile])} />
              </TableCell>
            ))}
            <TableCell numeric className="text-secondary @max-[480px]:hidden">
              {count(latency.count)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
