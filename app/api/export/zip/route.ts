import { context } from '#app/api/_server/context.ts';
import { zipExport } from '#app/api/_server/exports/zip.ts';
import { rendererOf } from '#app/api/_server/routers/export.ts';
import { errorCodes, isAppError } from '#contracts/errors.ts';
import { ExportRequest } from '#contracts/sandbox/export.ts';

export const dynamic = 'force-dynamic';

/** The export as a zip: `?target=…&option=name=value…`, both repeatable. The files are those of `orrery export`. */
export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const options = Object.fromEntries(
    query
      .getAll('option')
      .map((text) => [text.slice(0, Math.max(0, text.indexOf('='))), text.slice(text.indexOf('=') + 1)]),
  );
  const parsed = ExportRequest.safeParse({ targets: query.getAll('target'), options });
  if (!parsed.success) return text(400, 'Name at least one target, e.g. ?target=kubernetes.');
  try {
    const { files, faults } = await rendererOf(context())(parsed.data);
    if (faults.length > 0) return text(400, faults.map(({ option, message }) => `${option}: ${message}`).join('; '));
    return new Response(zipExport(files), {
      headers: {
        'Content-Type': 'application/zip',
        'Content-Disposition': 'attachment; filename="orrery-export.zip"',
        'Cache-Control': 'private, no-store',
      },
    });
  } catch (error) {
    if (!isAppError(error)) throw error;
    return text(errorCodes[error.code].status, error.message);
  }
}

function text(status: number, message: string): Response {
  return new Response(`${message}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
