import type { ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';

/**
 * The one list of what the console can do. Palette, keyboard, `?` help, navigation and tooltips all read it, so they
 * cannot disagree. To add one: a row here, and a case where its kind is run (shell/use-run-command.ts).
 */
export type Theme = 'system' | 'dark' | 'light';

/** What the open page may offer; `useViewCommand` registers the handler. */
export type ViewAction = 'filter' | 'next' | 'previous' | 'earlier' | 'later' | 'live';

export type PageIcon =
  | 'overview'
  | 'orders'
  | 'sagas'
  | 'load'
  | 'proof'
  | 'patterns'
  | 'map'
  | 'traces'
  | 'logs'
  | 'export'
  | 'chaos';

export type Command = {
  id: string;
  title: string;
  group: 'Pages' | 'View' | 'Console' | 'Processes' | 'Open';
  /** `['g', 'o']` is g then o; a first key `mod` is held. Never a single letter for something destructive. */
  keys?: readonly string[];
  /** Further words that the palette finds it by. */
  words?: string;
} & (
  | { kind: 'page'; href: string; icon: PageIcon }
  | { kind: 'view'; does: ViewAction }
  | { kind: 'shell'; does: 'palette' | 'help' | 'sidebar' }
  | { kind: 'theme'; theme: Theme | 'next' }
  | { kind: 'process'; action: ProcessAction; process: string }
  | { kind: 'chaos'; does: 'stop-all' | 'release' }
  | { kind: 'open'; href: string; note?: string }
);

export type PageCommand = Extract<Command, { kind: 'page' }>;

export const pages: readonly PageCommand[] = [
  {
    kind: 'page',
    id: 'page.overview',
    title: 'Overview',
    group: 'Pages',
    href: '/',
    icon: 'overview',
    keys: ['g', 's'],
    words: 'services processes health home',
  },
  {
    kind: 'page',
    id: 'page.orders',
    title: 'Orders',
    group: 'Pages',
    href: '/orders',
    icon: 'orders',
    keys: ['g', 'o'],
    words: 'place saga shop',
  },
  {
    kind: 'page',
    id: 'page.sagas',
    title: 'Sagas',
    group: 'Pages',
    href: '/sagas',
    icon: 'sagas',
    keys: ['g', 'a'],
    words: 'running waiting compensating stuck funnel conversion choreography orchestration',
  },
  {
    kind: 'page',
    id: 'page.load',
    title: 'Load',
    group: 'Pages',
    href: '/load',
    icon: 'load',
    keys: ['g', 'b'],
    words: 'burst many orders rate traffic generator percentiles',
  },
  {
    kind: 'page',
    id: 'page.proof',
    title: 'Proof',
    group: 'Pages',
    href: '/proof',
    icon: 'proof',
    keys: ['g', 'v'],
    words: 'invariants audit verdicts valid invalid counterexample safety liveness',
  },
  {
    kind: 'page',
    id: 'page.patterns',
    title: 'Patterns',
    group: 'Pages',
    href: '/patterns',
    icon: 'patterns',
    keys: ['g', 'p'],
    words: 'reliability circuit breaker bulkhead retry budget outbox inbox switch teaching',
  },
  {
    kind: 'page',
    id: 'page.chaos',
    title: 'Chaos',
    group: 'Pages',
    href: '/chaos',
    icon: 'chaos',
    keys: ['g', 'c'],
    words: 'faults break inject latency crash',
  },
  {
    kind: 'page',
    id: 'page.map',
    title: 'Map',
    group: 'Pages',
    href: '/map',
    icon: 'map',
    keys: ['g', 'm'],
    words: 'topology graph traffic',
  },
  {
    kind: 'page',
    id: 'page.traces',
    title: 'Traces',
    group: 'Pages',
    href: '/traces',
    icon: 'traces',
    keys: ['g', 't'],
    words: 'spans waterfall',
  },
  {
    kind: 'page',
    id: 'page.logs',
    title: 'Logs',
    group: 'Pages',
    href: '/logs',
    icon: 'logs',
    keys: ['g', 'l'],
    words: 'tail messages',
  },
  {
    kind: 'page',
    id: 'page.export',
    title: 'Export',
    group: 'Pages',
    href: '/export',
    icon: 'export',
    keys: ['g', 'e'],
    words: 'kubernetes helm kustomize argo terraform github actions download zip manifests',
  },
];

export const commands: readonly Command[] = [
  ...pages,
  {
    kind: 'open',
    id: 'orders.new',
    title: 'Place an order',
    group: 'Pages',
    href: '/orders/new',
    keys: ['g', 'n'],
    words: 'new shop buy basket preset',
  },
  {
    kind: 'open',
    id: 'sagas.twin',
    title: 'Twin run: one order in both styles',
    group: 'Pages',
    href: '/sagas/twin',
    keys: ['g', 'w'],
    words: 'compare choreography orchestration side by side',
  },
  {
    kind: 'open',
    id: 'chaos.experiments',
    title: 'Experiments',
    group: 'Pages',
    href: '/chaos/experiments',
    keys: ['g', 'x'],
    words: 'chaos hypothesis faults run report postmortem',
  },
  { kind: 'view', id: 'view.filter', title: 'Filter this page', group: 'View', does: 'filter', keys: ['/'] },
  { kind: 'view', id: 'view.next', title: 'Next row', group: 'View', does: 'next', keys: ['j'] },
  { kind: 'view', id: 'view.previous', title: 'Previous row', group: 'View', does: 'previous', keys: ['k'] },
  { kind: 'view', id: 'view.earlier', title: 'Previous item', group: 'View', does: 'earlier', keys: ['['] },
  { kind: 'view', id: 'view.later', title: 'Next item', group: 'View', does: 'later', keys: [']'] },
  { kind: 'view', id: 'view.live', title: 'Pause or resume live data', group: 'View', does: 'live', keys: ['.'] },
  {
    kind: 'shell',
    id: 'shell.palette',
    title: 'Search and run commands',
    group: 'Console',
    does: 'palette',
    keys: ['mod', 'k'],
  },
  {
    kind: 'chaos',
    id: 'chaos.stop-all',
    title: 'Stop all faults',
    group: 'Console',
    does: 'stop-all',
    words: 'chaos emergency revert',
  },
  { kind: 'chaos', id: 'chaos.release', title: 'Let faults be armed again', group: 'Console', does: 'release' },
  {
    kind: 'shell',
    id: 'shell.help',
    title: 'Keyboard shortcuts',
    group: 'Console',
    does: 'help',
    keys: ['?'],
    words: 'help keys',
  },
  {
    kind: 'shell',
    id: 'shell.sidebar',
    title: 'Collapse or expand the sidebar',
    group: 'Console',
    does: 'sidebar',
    keys: ['mod', 'b'],
  },
  { kind: 'theme', id: 'theme.next', title: 'Next theme', group: 'Console', theme: 'next', keys: ['t'] },
  { kind: 'theme', id: 'theme.system', title: 'Theme: system', group: 'Console', theme: 'system' },
  { kind: 'theme', id: 'theme.dark', title: 'Theme: dark', group: 'Console', theme: 'dark' },
  { kind: 'theme', id: 'theme.light', title: 'Theme: light', group: 'Console', theme: 'light' },
];

/** Keys of a command, for a tooltip or a menu. */
export function keysOf(id: string): readonly string[] | undefined {
  return commands.find((command) => command.id === id)?.keys;
}

const actionWords: Record<ProcessAction, string> = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  kill: 'Kill',
  pause: 'Pause',
  resume: 'Resume',
};

export function actionTitle(action: ProcessAction): string {
  return actionWords[action];
}

/** Actions that make sense now, in the order of a menu. `kill` is SIGKILL, `pause` is SIGSTOP. */
export function actionsFor({ name, state }: Pick<ProcessStatus, 'name' | 'state'>): readonly ProcessAction[] {
  // Whoever stops the console here has no console to start it with.
  if (name === 'console') return ['restart'];
  switch (state) {
    case 'stopped':
    case 'failed':
      return ['start'];
    case 'backoff':
    case 'crash-loop':
    case 'waiting':
      return ['restart', 'stop'];
    case 'paused':
      return ['resume', 'restart', 'kill', 'stop'];
    case 'stopping':
      return ['kill'];
    case 'starting':
    case 'running':
    case 'degraded':
      return ['restart', 'pause', 'kill', 'stop'];
    default:
      return state satisfies never;
  }
}

/** One command per process and action that makes sense now. */
export function processCommands(processes: readonly ProcessStatus[]): Command[] {
  return processes.flatMap((status) =>
    actionsFor(status).map(
      (action): Command => ({
        kind: 'process',
        id: `process.${action}.${status.name}`,
        title: `${actionTitle(action)} ${status.name}`,
        group: 'Processes',
        action,
        process: status.name,
      }),
    ),
  );
}

/** Doors for a pasted id: a trace id (32 hex digits) or an order id (UUID, with or without dashes in capitals). */
export function idCommands(text: string): Command[] {
  const id = text.trim().toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id)) {
    return [
      { kind: 'open', id: `open.trace.${id}`, title: 'Open trace', note: id, group: 'Open', href: `/traces/${id}` },
    ];
  }
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    return [
      { kind: 'open', id: `open.order.${id}`, title: 'Open order', note: id, group: 'Open', href: `/orders/${id}` },
    ];
  }
  return [];
}
