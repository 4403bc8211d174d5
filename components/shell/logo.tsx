/** The mark: a body, an orbit, a moon on it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" className={className} aria-hidden fill="none">
      <circle cx="10" cy="10" r="7.25" stroke="var(--text-tertiary)" strokeWidth="1.25" />
      <circle cx="10" cy="10" r="2.5" fill="var(--text)" />
      <circle cx="15.1" cy="4.9" r="2" fill="var(--accent)" stroke="var(--sidebar)" strokeWidth="1.25" />
    </svg>
  );
}
