import { Argument, Command, InvalidArgumentError } from 'commander';
import type { ExportTarget } from '#contracts/sandbox/export.ts';
import { exportTargets, renderExport } from '../exporters/export.ts';
import { parseExportOptions } from '../exporters/parse-options.ts';
import { assertEmptyFolder, writeFiles } from '../exporters/write-files.ts';
import { fleet } from '../topology.ts';

type Options = { out: string; option?: Record<string, string>; json?: boolean };

export function exportCommand(): Command {
  return new Command('export')
    .description('render the system as production artefacts: the same bytes as the console downloads')
    .addArgument(new Argument('<target>', 'what to render').choices(['all', ...exportTargets]))
    .requiredOption('-o, --out <folder>', 'folder to write to; must be new or empty')
    .option('--option <name=value>', 'an option of the export, repeatable, e.g. --option replicas=3', addOption)
    .option('--json', 'print the outcome as JSON')
    .action(exportTo);
}

async function exportTo(target: ExportTarget | 'all', { out, option, json }: Options): Promise<void> {
  const options = parseExportOptions(option ?? {});
  await assertEmptyFolder(out);
  const { files, findings } = renderExport(fleet, target === 'all' ? exportTargets : [target], options);
  await writeFiles(out, files);
  if (json) {
    console.log(JSON.stringify({ out, files: files.map((file) => file.path), findings }, null, 2));
    return;
  }
  console.log(`${files.length} files in ${out}; start with EXPORT-REPORT.md.`);
  for (const { severity, file, line, message, fix } of findings) {
    console.log(`${severity.padEnd(7)} ${file}:${line}  ${message}\n        ${fix}`);
  }
}

function addOption(text: string, known: Record<string, string> = {}): Record<string, string> {
  const cut = text.indexOf('=');
  if (cut < 1) throw new InvalidArgumentError('It must be name=value, e.g. replicas=3.');
  const name = text.slice(0, cut);
  if (Object.hasOwn(known, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...known, [name]: text.slice(cut + 1) };
}
