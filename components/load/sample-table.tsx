import { duration } from '#components/format/duration.ts';
import { perSecond } from '#components/format/number.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { LoadPoint } from './samples.ts';

/** The charts as a table, newest first. */
export function SampleTable({ points }: { points: readonly LoadPoint[] }) {
  return (
    <Table label="Rates and latency over time">
      <TableHead>
        <tr>
          <TableHeader numeric>At</TableHeader>
          <TableHeader numeric>Due/s</TableHeader>
          <TableHeader numeric>Accepted/s</TableHeader>
          <TableHeader numeric>Ended/s</TableHeader>
          <TableHeader numeric>Failed/s</TableHeader>
          <TableHeader numeric>Accepted p95</TableHeader>
          <TableHeader numeric>Saga p95</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {points.toReversed().map((point) => (
          <TableRow key={point.seconds}>
            <TableCell numeric>{point.seconds} s</TableCell>
            <TableCell numeric>{perSecond(point.due)}</TableCell>
            <TableCell numeric>{perSecond(point.accepted)}</TableCell>
            <TableCell numeric>{perSecond(point.ended)}</TableCell>
            <TableCell numeric>{perSecond(point.failed)}</TableCell>
            <TableCell numeric>
              <Quantity of={point.acceptedP95 === null ? null : duration(point.acceptedP95)} />
            </TableCell>
            <TableCell numeric>
              <Quantity of={point.sagaP95 === null ? null : duration(point.sagaP95)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
