/** Started (five minutes), ready, alive: the last asks no more than whether the port is open. */
export function storeProbes(ask: object, port: string) {
  return {
    startupProbe: { ...ask, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...ask, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { tcpSocket: { port }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 },
  };
}

export const exec = (...command: string[]) => ({ exec: { command } });
