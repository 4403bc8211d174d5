/** `/v1/export`: see contracts/sandbox/control.ts. The exporters are loaded when they are first asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ExportRequest, type ExportResult } from '#contracts/sandbox/export.ts';
import { fleet } from '../../topology.ts';
import { allow, readJson, sendJson } from './answers.ts';

export async function routeExport(request: IncomingMessage, response: ServerResponse): Promise<void> {
  allow(request, 'GET', 'POST');
  if (request.method === 'GET') {
    const { exportForm } = await import('../../exporters/form.ts');
    sendJson(response, 200, exportForm());
    return;
  }
  const { targets, options } = await readJson(request, ExportRequest);
  const { readExportOptions } = await import('../../exporters/parse-options.ts');
  const { renderExport } = await import('../../exporters/export.ts');
  const read = readExportOptions(options);
  const result: ExportResult =
    'faults' in read
      ? { files: [], findings: [], faults: read.faults }
      : { ...renderExport(fleet, targets, read.options), faults: [] };
  sendJson(response, 200, result);
}
