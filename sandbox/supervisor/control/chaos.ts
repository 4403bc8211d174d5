/** `/v1/chaos…`: see contracts/sandbox/chaos.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChaosState, FaultOrder, StopAllOrder } from '#contracts/sandbox/chaos.ts';
import type { SandboxChaos } from '../chaos/chaos.ts';
import { allow, notFound, readJson, sendJson } from './answers.ts';
import { openEventStream, writeEvent } from './event-stream.ts';

const streamEveryMs = 500;

/** `parts` is the path below `/v1/chaos`. */
export async function routeChaos(
  request: IncomingMessage,
  response: ServerResponse,
  chaos: SandboxChaos,
  parts: readonly string[],
): Promise<void> {
  const [resource, id] = parts;
  if (parts.length > (resource === 'faults' ? 2 : 1)) throw notFound(request.url ?? '');
  switch (resource) {
    case undefined:
      allow(request, 'GET');
      sendJson(response, 200, chaos.state());
      return;
    case 'catalogue':
      allow(request, 'GET');
      sendJson(response, 200, chaos.catalogue());
      return;
    case 'stream':
      allow(request, 'GET');
      stream(request, response, chaos);
      return;
    case 'stop-all':
      allow(request, 'POST');
      sendJson(response, 202, chaos.stopAll((await readJson(request, StopAllOrder)).reason));
      return;
    case 'release':
      allow(request, 'POST');
      sendJson(response, 200, chaos.release());
      return;
    case 'faults':
      if (id === undefined) {
        allow(request, 'POST');
        sendJson(response, 201, await chaos.inject(await readJson(request, FaultOrder)));
        return;
      }
      allow(request, 'GET', 'DELETE');
      if (request.method === 'DELETE') sendJson(response, 202, chaos.stop(id));
      else sendJson(response, 200, chaos.find(id));
      return;
    default:
      throw notFound(request.url ?? '');
  }
}

/** The state now and after each change; hits come several times a second and are told at most twice. */
function stream(request: IncomingMessage, response: ServerResponse, chaos: SandboxChaos): void {
  let timer: NodeJS.Timeout | null = null;
  let newest: ChaosState | null = null;
  const tell = () => {
    timer = null;
    if (newest === null) return;
    writeEvent(response, 'chaos', newest);
    newest = null;
    timer = setTimeout(tell, streamEveryMs);
  };
  const stop = chaos.listen((state) => {
    newest = state;
    if (timer === null) tell();
  });
  openEventStream(request, response, () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  });
  writeEvent(response, 'chaos', chaos.state());
}
