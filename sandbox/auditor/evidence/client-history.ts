/**
 * What clients were told, from the load generator's files `<home>/load/<run>.jsonl` (contracts/sandbox/load.ts): `ok` is
 * a promise, `fail` certainly did not happen, `info` (timeout, connection lost) may or may not have.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ClientOperation } from './dossier.ts';

const Line = z.object({
  run: z.string(),
  op: z.enum(['place', 'cancel']),
  idempotencyKey: z.string(),
  orderId: z.string().nullable(),
  type: z.enum(['invoke', 'ok', 'fail', 'info']),
  at: z.string(),
});

export type ClientHistory = {
  /** Reads what was appended since the last time. A line that is not whole yet is left for the next. */
  refresh(): Promise<void>;
  /** What clients were told about an order, and whatever else the same keys were answered with. */
  of(orderId: string): ClientOperation[];
  /** Every operation that was acknowledged. */
  acknowledged(): ClientOperation[];
  counts(): Record<ClientOperation['type'], number>;
};

export function openClientHistory(home: string): ClientHistory {
  const folder = path.join(home, 'load');
  const read = new Map<string, number>();
  const byKey = new Map<string, ClientOperation[]>();
  const keysByOrder = new Map<string, Set<string>>();
  const counts = { invoke: 0, ok: 0, fail: 0, info: 0 };

  function take(operation: ClientOperation): void {
    counts[operation.type] += 1;
    if (operation.orderId === null) return;
    byKey.set(operation.idempotencyKey, [...(byKey.get(operation.idempotencyKey) ?? []), operation]);
    const keys = keysByOrder.get(operation.orderId) ?? new Set();
    keysByOrder.set(operation.orderId, keys.add(operation.idempotencyKey));
  }

  /** Files with something new. Asked every second of every run there ever was: at once, not by way of the thread pool. */
  function grown(): string[] {
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
    return files.filter((name) => {
      const { size } = statSync(path.join(folder, name), { throwIfNoEntry: false }) ?? { size: 0 };
      return size > (read.get(name) ?? 0);
    });
  }

  return {
    async refresh() {
      for (const name of grown()) {
        const { text, next } = await readFrom(path.join(folder, name), read.get(name) ?? 0);
        read.set(name, next);
        for (const line of text.split('\n')) {
          const operation = line === '' ? null : parseLine(line);
          if (operation !== null) take(operation);
        }
      }
    },
    of: (orderId) => [...(keysByOrder.get(orderId) ?? [])].flatMap((key) => byKey.get(key) ?? []),
    acknowledged: () => [...byKey.values()].flat().filter(({ type }) => type === 'ok'),
    counts: () => ({ ...counts }),
  };
}

/** Null for a line that is none: a generator that was killed may leave half of one. */
export function parseLine(line: string): ClientOperation | null {
  try {
    const parsed = Line.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function readFrom(file: string, from: number): Promise<{ text: string; next: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size <= from) return { text: '', next: from };
    const bytes = Buffer.alloc(size - from);
    await handle.read(bytes, 0, bytes.length, from);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    return { text: bytes.subarray(0, whole).toString('utf8'), next: from + whole };
  } finally {
    await handle.close();
  }
}
