/** Whether this console runs in the containers of compose/compose.yaml, and not as a process beside the others. */
export function inContainers(): boolean {
  return process.env.DEPLOYMENT_ENVIRONMENT === 'compose';
}
