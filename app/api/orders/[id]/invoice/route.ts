import { context } from '#app/api/_server/context.ts';
import { errorCodes, isAppError } from '#contracts/errors.ts';
import { Uuid } from '#contracts/ids.ts';

export const dynamic = 'force-dynamic';

/** The invoice as PDF, fetched from the gateway with the console's own token. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  if (!Uuid.safeParse(id).success) return text(404, 'There is no such order.');
  try {
    const pdf = await context().gateway.invoice(id, request.signal);
    return new Response(pdf.body, {
      headers: {
        'Content-Type': 'application/pdf',
        'Content-Disposition': pdf.headers.get('content-disposition') ?? `inline; filename="${id}.pdf"`,
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
