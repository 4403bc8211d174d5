import { duration } from '#components/format/duration.ts';
import { count, percent } from '#components/format/number.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { SagaStyleStats } from '#contracts/http/history.ts';
import { openStateLooks, openStates } from './saga-state.tsx';
import { styleLooks } from './saga-styles.ts';

/** The two styles, a row each: where their sagas are and how they fared. */
export function StyleTable({ styles }: { styles: readonly SagaStyleStats[] }) {
  return (
    <Table label="Styles compared">
      <TableHead>
        <tr>
          <TableHeader>Style</TableHeader>
          <TableHeader numeric>Sagas</TableHeader>
          {openStates.map((state) => (
            <TableHeader key={state} numeric className={state === 'stuck' ? undefined : '@max-[560px]:hidden'}>
              {openStateLooks[state].word}
            </TableHeader>
          ))}
          <TableHeader numeric>Confirmed</TableHeader>
          <TableHeader numeric className="@max-[640px]:hidden">
            Cancelled
          </TableHeader>
          <TableHeader numeric className="@max-[760px]:hidden">
            Messages each
          </TableHeader>
          <TableHeader numeric className="@max-[480px]:hidden">
            p50
          </TableHeader>
          <TableHeader numeric>p95</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {styles.map((one) => (
          <TableRow key={one.style} data-style={one.style}>
            <TableCell>{styleLooks[one.style].title}</TableCell>
            <TableCell numeric>{count(one.sagas)}</TableCell>
            {openStates.map((state) => (
              <TableCell
                key={state}
                numeric
                className={
                  state === 'stuck' ? (one.stuck > 0 ? 'font-semibold text-error' : undefined) : '@max-[560px]:hidden'
                }
              >
                {count(one[state])}
              </TableCell>
            ))}
            <TableCell numeric>
              <Quantity of={one.sagas === 0 ? null : percent(one.confirmed / one.sagas)} />
            </TableCell>
            <TableCell numeric className="@max-[640px]:hidden">
              {count(one.cancelled)}
            </TableCell>
            <TableCell numeric className="@max-[760px]:hidden">
              {one.sagas === 0 ? '–' : (one.messages / one.sagas).toFixed(1)}
            </TableCell>
            <TableCell numeric className="@max-[480px]:hidden">
              <Quantity of={one.p50Ms === null ? null : duration(one.p50Ms)} />
            </TableCell>
            <TableCell numeric>
              <Quantity of={one.p95Ms === null ? null : duration(one.p95Ms)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
