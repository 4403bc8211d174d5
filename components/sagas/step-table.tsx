import { duration } from '#components/format/duration.ts';
import { count, percent } from '#components/format/number.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { StepRow } from './saga-numbers.ts';
import { styleLooks } from './saga-styles.ts';

/** Conversion and time of every step in every style: the charts as figures. */
export function StepTable({ rows }: { rows: readonly StepRow[] }) {
  return (
    <Table label="Steps by style">
      <TableHead>
        <tr>
          <TableHeader>Step</TableHeader>
          <TableHeader>Style</TableHeader>
          <TableHeader numeric>Took it</TableHeader>
          <TableHeader numeric>Broke off</TableHeader>
          <TableHeader numeric className="@max-[480px]:hidden">
            Conversion
          </TableHeader>
          <TableHeader numeric className="@max-[560px]:hidden">
            p50
          </TableHeader>
          <TableHeader numeric>p95</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map(({ step, title, style, reached, failed, conversion, p50Ms, p95Ms }) => (
          <TableRow key={`${step} ${style}`}>
            <TableCell>{title}</TableCell>
            <TableCell className="text-secondary">{styleLooks[style].title}</TableCell>
            <TableCell numeric>{count(reached)}</TableCell>
            <TableCell numeric className={failed > 0 ? 'text-error' : 'text-tertiary'}>
              {count(failed)}
            </TableCell>
            <TableCell numeric className="@max-[480px]:hidden">
              <Quantity of={conversion === null ? null : percent(conversion)} />
            </TableCell>
            <TableCell numeric className="@max-[560px]:hidden">
              <Quantity of={p50Ms === null ? null : duration(p50Ms)} />
            </TableCell>
            <TableCell numeric>
              <Quantity of={p95Ms === null ? null : duration(p95Ms)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
