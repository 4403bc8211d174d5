import { auditRouter } from './routers/audit.ts';
import { catalogueRouter } from './routers/catalogue.ts';
import { chaosRouter } from './routers/chaos.ts';
import { experimentsRouter } from './routers/experiments.ts';
import { exportRouter } from './routers/export.ts';
import { historyRouter } from './routers/history.ts';
import { loadRouter } from './routers/load.ts';
import { logsRouter } from './routers/logs.ts';
import { mapRouter } from './routers/map.ts';
import { ordersRouter } from './routers/orders.ts';
import { overviewRouter } from './routers/overview.ts';
import { patternsRouter } from './routers/patterns.ts';
import { processesRouter } from './routers/processes.ts';
import { redRouter } from './routers/red.ts';
import { sagasRouter } from './routers/sagas.ts';
import { searchRouter } from './routers/search.ts';
import { tracesRouter } from './routers/traces.ts';
import { router } from './trpc.ts';

/** Everything the browser may ask the console's server. One line per router, alphabetical. */
export const appRouter = router({
  audit: auditRouter,
  catalogue: catalogueRouter,
  experiments: experimentsRouter,
  export: exportRouter,
  chaos: chaosRouter,
  history: historyRouter,
  load: loadRouter,
  logs: logsRouter,
  map: mapRouter,
  orders: ordersRouter,
  overview: overviewRouter,
  patterns: patternsRouter,
  processes: processesRouter,
  red: redRouter,
  sagas: sagasRouter,
  search: searchRouter,
  traces: tracesRouter,
});

export type AppRouter = typeof appRouter;
