'use client';

import { count } from '#components/format/number.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Ago } from '#components/ui/time.tsx';
import type { Verdict } from '#contracts/sandbox/audit.ts';
import { VerdictStateLabel } from './verdict-state.tsx';

export type VerdictTableProps = {
  label: string;
  verdicts: readonly Verdict[];
  selected: string | null;
  onSelect: (id: string) => void;
};

/** One row per invariant: what must hold, the verdict, what was counted for it. */
export function VerdictTable({ label, verdicts, selected, onSelect }: VerdictTableProps) {
  return (
    <Table label={label}>
      <TableHead>
        <tr>
          <TableHeader>Invariant</TableHeader>
          <TableHeader>Verdict</TableHeader>
          <TableHeader className="@max-[620px]:hidden">Evidence</TableHeader>
          <TableHeader numeric className="@max-[820px]:hidden">
            Checked
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {verdicts.map((verdict) => (
          <TableRow
            key={verdict.id}
            data-verdict={verdict.id}
            data-selected={verdict.id === selected}
            className="cursor-default"
            onClick={() => onSelect(verdict.id)}
          >
            <TableCell className="w-full max-w-0 py-1">
              <button
                type="button"
                data-list-item
                aria-current={verdict.id === selected ? 'true' : undefined}
                onClick={(event) => {
                  event.stopPropagation();
                  onSelect(verdict.id);
                }}
                className="flex min-h-6 w-full items-center gap-2 rounded-sm text-left"
              >
                <span className="w-11 shrink-0 font-mono text-tertiary">{verdict.id}</span>
                <span className="truncate font-medium">{verdict.name}</span>
              </button>
              <p className="truncate pl-13 text-secondary @max-[620px]:hidden" title={verdict.statement}>
                {verdict.statement}
              </p>
            </TableCell>
            <TableCell>
              <VerdictStateLabel state={verdict.state} />
            </TableCell>
            <TableCell className="text-secondary @max-[620px]:hidden">
              {verdict.why ?? verdict.evidence.map((one) => `${count(one.count)} ${one.of}`).join(', ')}
            </TableCell>
            <TableCell numeric className="text-tertiary @max-[820px]:hidden">
              {verdict.checkedAt ? <Ago atMs={Date.parse(verdict.checkedAt)} /> : null}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
