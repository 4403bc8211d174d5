import { AppError } from '#contracts/errors.ts';
import { getInvoicePdf, listMail } from '#contracts/http/workers.ts';
import type { Principal } from '#kit/auth.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Database } from '#kit/postgres/database.ts';
import { findInvoice, readMails } from './store.ts';

export function workersRoutes(http: HttpServer, db: Database): void {
  http.route(getInvoicePdf, async ({ params, principal }) => {
    const found = await findInvoice(db, params.orderId);
    // A shopper who asks for somebody else's invoice learns nothing, not even that there is one.
    if (found === null || !maySee(principal, found.invoice.customerId)) {
      throw new AppError('not_found', `order ${params.orderId} has no invoice; it gets one when it is confirmed`);
    }
    return {
      status: 200,
      body: found.pdf,
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="${found.invoice.number}.pdf"`,
        'cache-control': 'private, max-age=3600',
        'x-content-type-options': 'nosniff',
      },
    };
  });

  http.route(listMail, async ({ query }) => ({
    status: 200,
    body: { mails: await readMails(db, { orderId: query.orderId ?? null, limit: query.limit }) },
  }));
}

function maySee(principal: Principal, customerId: string): boolean {
  const isStaff = principal.roles.some((role) => role === 'operator' || role === 'auditor');
  return isStaff || principal.subject === customerId;
}
