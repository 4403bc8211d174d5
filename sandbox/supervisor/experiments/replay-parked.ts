import { ParkedKey } from '#contracts/sandbox/control-channel.ts';
import { type ControlChannel, callChannel } from '../control/control-channel.ts';

/** Replays every key that the service has parked and nobody replays yet; how many. Throws what its channel answers. */
export async function replayParked(channel: ControlChannel, service: string): Promise<number> {
  const parked = ParkedKey.array().parse(await callChannel(channel, service, 'GET', 'parked'));
  const waiting = parked.filter(({ replayingSince }) => replayingSince === null);
  for (const { consumer, key } of waiting) {
    await callChannel(channel, service, 'POST', 'parked/replay', { consumer, key });
  }
  return waiting.length;
}
