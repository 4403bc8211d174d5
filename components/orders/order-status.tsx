import {
  Ban,
  CircleCheck,
  CircleDashed,
  CreditCard,
  type LucideIcon,
  PackageCheck,
  ShieldCheck,
  Undo2,
} from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';

const looks: Record<OrderStatus, { icon: LucideIcon; word: string; colour: string }> = {
  created: { icon: CircleDashed, word: 'Created', colour: 'text-info' },
  screened: { icon: ShieldCheck, word: 'Screened', colour: 'text-info' },
  reserved: { icon: PackageCheck, word: 'Reserved', colour: 'text-info' },
  paid: { icon: CreditCard, word: 'Paid', colour: 'text-info' },
  confirmed: { icon: CircleCheck, word: 'Confirmed', colour: 'text-ok' },
  compensating: { icon: Undo2, word: 'Compensating', colour: 'text-warn' },
  cancelled: { icon: Ban, word: 'Cancelled', colour: 'text-error' },
};

/** Status of an order: icon, colour and word. */
export function OrderStatusLabel({ status, className }: { status: OrderStatus; className?: string }) {
  const { icon: Icon, word, colour } = looks[status];
  return (
    <span
      data-slot="order-status"
      data-status={status}
      className={cn('inline-flex items-center gap-1.5 align-middle', className)}
    >
      <Icon data-slot="state-icon" className={cn('size-4 shrink-0 stroke-[1.75]', colour)} aria-hidden />
      {word}
    </span>
  );
}
