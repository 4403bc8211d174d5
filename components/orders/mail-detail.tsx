import { EmptyState } from '#components/ui/empty-state.tsx';
import { LocalTime } from '#components/ui/time.tsx';
import type { Mail } from '#contracts/http/workers.ts';

/** Mails of the dev mailbox: nothing is ever sent. */
export function MailDetail({ mails }: { mails: readonly Mail[] }) {
  if (mails.length === 0) return <EmptyState title="No mail yet">It is written after the order has ended.</EmptyState>;
  return (
    <ul>
      {mails.map(({ id, to, subject, text, sentAt }) => (
        <li key={id} className="border-b border-border p-4 last:border-b-0">
          <p className="font-medium">{subject}</p>
          <p className="text-sm text-secondary">
            to {to}, <LocalTime atMs={Date.parse(sentAt)} digits={0} />
          </p>
          <p className="mt-3 text-sm whitespace-pre-wrap">{text}</p>
        </li>
      ))}
    </ul>
  );
}
