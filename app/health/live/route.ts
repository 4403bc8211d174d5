export const dynamic = 'force-dynamic';

/** The event loop turns. */
export function GET(): Response {
  return Response.json({ status: 'live' });
}
