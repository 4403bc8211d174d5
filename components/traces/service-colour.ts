/** CSS colour of a service's bar. */
export function serviceColour(colour: number | null | undefined): string {
  return colour == null ? 'var(--border-strong)' : `var(--service-${colour})`;
}
