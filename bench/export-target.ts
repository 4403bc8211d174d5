/** `node export-target.ts TARGET|all ROUNDS`: prints the milliseconds of each render in this process as JSON. */
import { ExportTarget } from '#contracts/sandbox/export.ts';
import { exportTargets, renderExport } from '#sandbox/exporters/export.ts';
import { parseExportOptions } from '#sandbox/exporters/parse-options.ts';
import { fleet } from '#sandbox/topology.ts';

const [target = 'all', rounds = '1'] = process.argv.slice(2);
const targets = target === 'all' ? exportTargets : [ExportTarget.parse(target)];
const tookMs = Array.from({ length: Number(rounds) }, () => {
  const started = performance.now();
  renderExport(fleet, targets, parseExportOptions({}));
  return performance.now() - started;
});
console.log(JSON.stringify(tookMs));
