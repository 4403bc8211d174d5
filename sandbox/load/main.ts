/**
 * One run as a process of its own, as the supervisor starts it: the plan comes in the environment, what happens goes
 * out over IPC, and wishes (`LoadWish`) come in. It ends with its run, or when the supervisor has gone.
 */
import { z } from 'zod';
import { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import { startRun } from './start-run.ts';
import { LoadWish } from './wish.ts';

const Environment = z.object({
  LOAD_RUN: LoadRun.shape.run,
  LOAD_PLAN: z.string().transform((text): LoadPlan => LoadPlan.parse(JSON.parse(text))),
  LOAD_HISTORY: z.string(),
  GATEWAY_URL: z.url(),
  IDENTITY_URL: z.url(),
  IDENTITY_CLIENT_ID: z.string(),
  IDENTITY_CLIENT_SECRET: z.string(),
});

const env = Environment.parse(process.env);
// A supervisor that has gone cannot be told; the history and the report still are.
const tell = (run: LoadRun) => process.connected && process.send?.(run, () => {});
const handle = await startRun({
  run: env.LOAD_RUN,
  plan: env.LOAD_PLAN,
  endpoints: { gateway: env.GATEWAY_URL, identity: env.IDENTITY_URL },
  credentials: { id: env.IDENTITY_CLIENT_ID, secret: env.IDENTITY_CLIENT_SECRET },
  historyFile: env.LOAD_HISTORY,
  // That it is over is told at the end, when its history is on disk.
  onChange: (run) => {
    if (!isOver(run)) tell(run);
  },
});
process.on('message', (message) => {
  const wish = LoadWish.parse(message);
  if (wish.type === 'rate') handle.changeRate(wish.ratePerSecond);
  else if (wish.type === 'stop') handle.stop();
  else handle.abandon();
});
process.on('disconnect', () => handle.abandon());
process.on('SIGTERM', () => handle.abandon());
// Ctrl-C in the supervisor's terminal reaches this process too; the supervisor says what to do about it.
process.on('SIGINT', () => {});
tell(handle.current());
tell(await handle.done);
process.disconnect?.();
