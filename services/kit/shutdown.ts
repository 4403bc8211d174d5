import type { Logger } from './logger.ts';

type Step = { name: string; close: () => Promise<void> | void };

/** What has to be undone, in reverse order of how it came up. */
export type ShutdownStack = {
  add(name: string, close: () => Promise<void> | void): void;
  /** Runs every step, newest first. A step that throws is logged and does not stop the others. */
  run(): Promise<void>;
};

export function createShutdownStack(log: Logger): ShutdownStack {
  const steps: Step[] = [];
  return {
    add: (name, close) => {
      steps.push({ name, close });
    },
    async run() {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step.close();
          log.debug({ step: step.name }, 'shutdown step done');
        } catch (error) {
          log.warn({ step: step.name, error }, 'shutdown step failed');
        }
      }
    },
  };
}
