/**
 * Three probes that ask three questions. Startup: has it booted (60 s)? Readiness: can it work, with what it depends
 * on? Liveness: does the process itself still turn? The last asks no dependency: a restart does not mend a database.
 */
const ask = (path: string) => ({
  // The services answer only to host names they know; the kubelet would send the pod's address.
  httpGet: { path, port: 'http', httpHeaders: [{ name: 'Host', value: 'localhost' }] },
});

export const probes = {
  startupProbe: { ...ask('/health/live'), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 30 },
  readinessProbe: { ...ask('/health/ready'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
  livenessProbe: { ...ask('/health/live'), periodSeconds: 15, timeoutSeconds: 3, failureThreshold: 4 },
} as const;
