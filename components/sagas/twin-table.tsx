import { durationText } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { sagaStyles, styleLooks } from './saga-styles.ts';
import type { TwinFigures } from './twin.ts';

type Row = { name: string; of: keyof TwinFigures; text: (value: number) => string };

const rows: readonly Row[] = [
  { name: 'Accepted in', of: 'acceptedMs', text: durationText },
  { name: 'Ended after', of: 'tookMs', text: durationText },
  { name: 'Events', of: 'events', text: count },
  { name: 'Commands', of: 'commands', text: count },
  { name: 'Handlings', of: 'handlings', text: count },
  { name: 'Spans', of: 'spans', text: count },
  { name: 'SQL statements', of: 'statements', text: count },
  { name: 'Commands repeated', of: 'commandsRepeated', text: count },
  { name: 'Messages sent again', of: 'sentAgain', text: count },
  { name: 'Duplicates absorbed', of: 'duplicates', text: count },
  { name: 'Failed spans', of: 'failedSpans', text: count },
  { name: 'Steps taken back', of: 'undone', text: count },
];

/** The two orders in figures, and how the second differs from the first. */
export function TwinTable({ figures }: { figures: readonly [TwinFigures | null, TwinFigures | null] }) {
  return (
    <Table label="Both orders in figures">
      <TableHead>
        <tr>
          <TableHeader>Figure</TableHeader>
          {sagaStyles.map((style) => (
            <TableHeader key={style} numeric>
              {styleLooks[style].title}
            </TableHeader>
          ))}
          <TableHeader numeric className="@max-[420px]:hidden">
            Difference
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map(({ name, of, text }) => {
          const [left, right] = figures.map((one) => one?.[of] ?? null);
          return (
            <TableRow key={of} data-figure={of}>
              <TableCell className="w-full text-secondary">{name}</TableCell>
              <TableCell numeric>{left == null ? '–' : text(left)}</TableCell>
              <TableCell numeric>{right == null ? '–' : text(right)}</TableCell>
              <TableCell numeric className="text-tertiary @max-[420px]:hidden">
                {left == null || right == null ? '' : difference(right - left, text)}
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}

function difference(by: number, text: (value: number) => string): string {
  if (by === 0) return 'same';
  return `${by > 0 ? '+' : '−'}${text(Math.abs(by))}`;
}
