import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { type ExportFile, ExportRequest } from '#contracts/sandbox/export.ts';
import type { Context } from '../context.ts';
import { compareExports } from '../exports/compare.ts';
import { rememberRendered } from '../exports/rendered.ts';
import { changedLines, wholeFile } from '../exports/view-file.ts';
import { procedure, router } from '../trpc.ts';

const Options = ExportRequest.shape.options;
const Shown = ExportRequest.extend({
  against: Options.describe('Options of the export that it is compared with; none are the defaults'),
});

const renderers = new WeakMap<Context['supervisor'], ReturnType<typeof rememberRendered>>();

/** Renders through the supervisor, remembering the last few. */
export function rendererOf({ supervisor }: Pick<Context, 'supervisor'>): ReturnType<typeof rememberRendered> {
  const known = renderers.get(supervisor) ?? rememberRendered(supervisor.renderExport);
  renderers.set(supervisor, known);
  return known;
}

/** The system as files, rendered by the supervisor from the topology that runs. */
export const exportRouter = router({
  form: procedure.query(({ ctx, signal }) => ctx.supervisor.exportForm(signal)),
  /** Paths and how they differ, findings, and options at fault; contents are asked for one by one. */
  overview: procedure.input(Shown).query(async ({ ctx, input: { targets, options, against } }) => {
    const render = rendererOf(ctx);
    const [now, before] = await Promise.all([render({ targets, options }), render({ targets, options: against })]);
    if (now.faults.length > 0) return { files: [], findings: [], faults: now.faults };
    return { files: compareExports(before.files, now.files), findings: now.findings, faults: [] };
  }),
  file: procedure
    .input(Shown.extend({ path: z.string().max(300), view: z.enum(['file', 'changes']) }))
    .query(async ({ ctx, input: { targets, options, against, path, view } }) => {
      const render = rendererOf(ctx);
      const [now, before] = await Promise.all([render({ targets, options }), render({ targets, options: against })]);
      const [current, old] = [now, before].map(({ files }) => contentOf(files, path));
      if (current === undefined && old === undefined)
        throw new AppError('not_found', `${path} is not part of this export`);
      const rows =
        view === 'changes'
          ? await changedLines(path, old ?? '', current ?? '')
          : await wholeFile(path, current ?? old ?? '');
      return { path, rows, text: current ?? '' };
    }),
});

function contentOf(files: readonly ExportFile[], path: string): string | undefined {
  return files.find((file) => file.path === path)?.content;
}
