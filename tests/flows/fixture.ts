import { inject } from 'vitest';
import { type Fleet, fleetAt } from '../support/fleet.ts';
import { type Ledgers, openLedgers } from '../support/ledgers.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { openTelemetry, type Telemetry } from '../support/telemetry.ts';

/** The shared fleet, a customer of it, its ledgers and its traces. */
export async function onFleet(): Promise<{ fleet: Fleet; shop: Shop; ledgers: Ledgers; telemetry: Telemetry }> {
  const fleet = fleetAt(inject('fleetHome'));
  return { fleet, shop: await openShop(fleet), ledgers: await openLedgers(fleet), telemetry: openTelemetry(fleet) };
}
