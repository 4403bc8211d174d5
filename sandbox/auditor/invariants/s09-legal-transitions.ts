import { terminal } from '../evidence/dossier.ts';
import { orderInvariant } from './invariant.ts';

/** Where an order may go from each status; written down here a second time, on purpose. */
const legal: Readonly<Record<string, readonly string[]>> = {
  created: ['screened', 'cancelled'],
  screened: ['reserved', 'paid', 'compensating', 'cancelled'],
  reserved: ['paid', 'compensating'],
  paid: ['confirmed'],
  compensating: ['cancelled'],
};

export const s09 = orderInvariant({
  id: 'S9',
  name: 'Only legal transitions',
  kind: 'safety',
  statement:
    'An order begins as created, takes only legal steps, and stays as it is once it is confirmed or cancelled; its status is where its transitions end.',
  deadlineMs: null,
  check({ order }) {
    if (order === null || order.transitions.length === 0) return { evidence: {}, problem: null };
    const { transitions, status } = order;
    const evidence = { orders: 1, transitions: transitions.length };
    const path = transitions.map(({ to }) => to).join(' → ');
    for (const [index, { seq, from, to }] of transitions.entries()) {
      const before = transitions[index - 1]?.to ?? null;
      if (seq !== index + 1 || from !== before) return { evidence, problem: `The transitions do not join: ${path}.` };
      if (before === null ? to !== 'created' : terminal.has(before) || !(legal[before] ?? []).includes(to)) {
        return { evidence, problem: `${before ?? 'nothing'} → ${to} is not legal (${path}).` };
      }
    }
    const end = transitions.at(-1)?.to;
    if (end !== status) return { evidence, problem: `The status is ${status}, the transitions end in ${end}.` };
    return { evidence, problem: null };
  },
});
