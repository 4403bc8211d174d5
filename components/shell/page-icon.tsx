import {
  Gauge,
  LayoutList,
  ListTree,
  type LucideIcon,
  Network,
  PackageOpen,
  Scale,
  ScrollText,
  ShieldCheck,
  ShoppingBag,
  Workflow,
  Zap,
} from 'lucide-react';
import type { PageIcon as Name } from './commands.ts';

const icons: Record<Name, LucideIcon> = {
  overview: LayoutList,
  orders: ShoppingBag,
  sagas: Workflow,
  load: Gauge,
  proof: Scale,
  patterns: ShieldCheck,
  chaos: Zap,
  map: Network,
  traces: ListTree,
  logs: ScrollText,
  export: PackageOpen,
};

export function PageIcon({ name, className }: { name: Name; className?: string }) {
  const Icon = icons[name];
  return <Icon className={className} strokeWidth={1.5} aria-hidden />;
}
