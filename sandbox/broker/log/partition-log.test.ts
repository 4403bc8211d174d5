import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ErrorCode } from '../errors.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { type LogSettings, PartitionLog } from './partition-log.ts';
import { checkProducedBatch, readBatchHeader } from './record-batch.ts';
import { buildBatch, type NewBatch, readRecords } from './records.ts';

const SETTINGS: LogSettings = {
  segmentBytes: 1 << 20,
  segmentMs: 1e9,
  maxMessageBytes: 1 << 20,
  appendTime: false,
  syncEachAppend: false,
};

function openLog(
  dir = tempDir(),
  settings: Partial<LogSettings> = {},
  clock: FakeClock = createFakeClock(),
  cleanStop = false,
) {
  const log = new PartitionLog('t', 0, dir, clock, () => ({ ...SETTINGS, ...settings }));
  const tornBytes = log.open(cleanStop);
  return { log, dir, clock, tornBytes };
}

function append(log: PartitionLog, values: string[], batch: Partial<NewBatch> = {}): number {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
  const bytes = buildBatch({ records, timestamp: 1000, ...batch });
  return log.append(bytes, checkProducedBatch(bytes, 1 << 20)).baseOffset;
}

function valuesIn(bytes: Buffer): string[] {
  const values: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = readBatchHeader(bytes, at).sizeBytes;
    for (const record of readRecords(bytes.subarray(at, at + size)) ?? [])
      values.push(`${record.offset}:${record.value}`);
    at += size;
  }
  return values;
}

const readAll = (log: PartitionLog, offset = log.logStartOffset) => {
  const values: string[] = [];
  for (let next = offset; next < log.logEndOffset; ) {
    const bytes = log.read({ offset: next, maxBytes: 1 << 20, before: log.logEndOffset, wholeFirst: true });
    if (bytes.length === 0) break;
    values.push(...valuesIn(bytes));
    next = Number(values.at(-1)?.split(':')[0]) + 1;
  }
  return values;
};

test('offsets follow each other across batches and leader epochs are rewritten', () => {
  const { log } = openLog();
  expect(append(log, ['a', 'b'])).toBe(0);
  expect(append(log, ['c'])).toBe(2);
  expect(readAll(log)).toEqual(['0:a', '1:b', '2:c']);
  const bytes = log.read({ offset: 2, maxBytes: 1000, before: 3, wholeFirst: true });
  expect(bytes.readInt32BE(12)).toBe(0);
});

test('a read inside a batch returns the whole batch', () => {
  const { log } = openLog();
  append(log, ['a', 'b', 'c']);
  expect(valuesIn(log.read({ offset: 1, maxBytes: 1000, before: 3, wholeFirst: true }))).toEqual(['0:a', '1:b', '2:c']);
});

test('only whole batches are returned, the first one even beyond the limit (KIP-74)', () => {
  const { log } = openLog();
  for (const value of ['a', 'b', 'c']) append(log, [value]);
  const one = buildBatch({ records: [{ key: null, value: Buffer.from('a') }], timestamp: 0 }).length;
  const read = (maxBytes: number, wholeFirst: boolean) =>
    valuesIn(log.read({ offset: 0, maxBytes, before: 3, wholeFirst }));
  expect(read(one * 2, true)).toEqual(['0:a', '1:b']);
  expect(read(one * 2 + 1, true)).toEqual(['0:a', '1:b']);
  expect(read(one * 2 - 1, true)).toEqual(['0:a']);
  expect(read(1, true)).toEqual(['0:a']);
  expect(read(1, false)).toEqual([]);
});

test('segments roll at their size and are read across', () => {
  const { log, dir } = openLog(undefined, { segmentBytes: 200 });
  for (let i = 0; i < 20; i++) append(log, [`v${i}`]);
  expect(fs.readdirSync(dir).filter((name) => name.endsWith('.log')).length).toBeGreaterThan(5);
  expect(readAll(log)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}:v${i}`));
});

test('many batches in one segment lie without gaps, in memory and on disk', () => {
  const { log, dir, clock } = openLog();
  for (let i = 0; i < 100; i++) append(log, [`v${i}`, `w${i}`]);
  const whole = log.read({ offset: 0, maxBytes: 1 << 20, before: 200, wholeFirst: true });
  expect(whole.equals(fs.readFileSync(path.join(dir, '00000000000000000000.log')))).toBe(true);
  expect(valuesIn(whole)).toHaveLength(200);
  const again = openLog(dir, {}, clock);
  expect([again.tornBytes, again.log.logEndOffset]).toEqual([0, 200]);
});

test('everything is there after a clean stop and after none', () => {
  for (const clean of [true, false]) {
    const { log, dir, clock } = openLog(undefined, { segmentBytes: 300 });
    for (let i = 0; i < 10; i++) append(log, [`v${i}`]);
    if (clean) log.close();
    const again = openLog(dir, { segmentBytes: 300 }, clock, clean);
    expect(again.tornBytes).toBe(0);
    expect(readAll(again.log)).toHaveLength(10);
    expect(append(again.log, ['next'])).toBe(10);
  }
});

test('an index that does not fit the log is ignored', () => {
  const { log, dir, clock } = openLog();
  append(log, ['a']);
  log.close();
  const index = fs.readdirSync(dir).find((name) => name.endsWith('.index')) ?? '';
  fs.appendFileSync(path.join(dir, index), Buffer.alloc(61));
  expect(readAll(openLog(dir, {}, clock, true).log)).toEqual(['0:a']);
});

test('a torn tail is cut off at every possible length, and nothing before it is lost', () => {
  const { log, dir } = openLog();
  append(log, ['a']);
  append(log, ['b', 'c']);
  const file = path.join(dir, '00000000000000000000.log');
  const intact = fs.readFileSync(file);
  const last = buildBatch({ records: [{ key: null, value: Buffer.from('dddd') }], timestamp: 5 });
  last.writeBigInt64BE(3n, 0);
  for (let length = 1; length < last.length; length++) {
    fs.writeFileSync(file, Buffer.concat([intact, last.subarray(0, length)]));
    const again = openLog(dir);
    expect(again.tornBytes).toBe(length);
    expect(readAll(again.log)).toEqual(['0:a', '1:b', '2:c']);
    expect(fs.statSync(file).size).toBe(intact.length);
  }
});

test('after random damage the log opens, holds a prefix of what was written, and accepts more', () => {
  const root = tempDir();
  const damage = fc.record({ at: fc.nat(), byte: fc.integer({ min: 1, max: 255 }), cut: fc.option(fc.nat()) });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }),
      damage,
      (sizes, { at, byte, cut }) => {
        const { log, dir } = openLog(fs.mkdtempSync(path.join(root, 'd')));
        for (const [i, size] of sizes.entries())
          append(
            log,
            Array.from({ length: size }, (_, k) => `${i}.${k}`),
          );
        const before = readAll(log);
        const file = path.join(dir, '00000000000000000000.log');
        const bytes = fs.readFileSync(file);
        const position = at % bytes.length;
        bytes[position] = (bytes[position] ?? 0) ^ byte;
        fs.writeFileSync(file, cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1)));
        const { log: again } = openLog(dir);
        const after = readAll(again);
        // The leader epoch and the upper bytes of an offset are outside the checksum; a damaged epoch changes nothing.
        const sameValues = after.map((v) => v.split(':')[1]);
        expect(before.map((v) => v.split(':')[1]).slice(0, after.length)).toEqual(sameValues);
        expect(append(again, ['more'])).toBe(again.logEndOffset - 1);
        log.remove();
      },
    ),
    { numRuns: 150 },
  );
});

test('a retry of an idempotent batch gets the first offset and is not written twice, also after recovery', () => {
  const { log, dir, clock } = openLog();
  const batch = (baseSequence: number) => ({ producerId: 7, producerEpoch: 0, baseSequence });
  expect(append(log, ['a'], batch(0))).toBe(0);
  expect(append(log, ['b'], batch(1))).toBe(1);
  expect(append(log, ['a'], batch(0))).toBe(0);
  expect(log.logEndOffset).toBe(2);
  const again = openLog(dir, {}, clock).log;
  expect(append(again, ['b'], batch(1))).toBe(1);
  expect(again.logEndOffset).toBe(2);
  expect(() => append(again, ['d'], batch(3))).toThrow(
    expect.objectContaining({ code: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER }),
  );
  expect(append(again, ['c'], batch(2))).toBe(2);
});

test('an open transaction holds the last stable offset until its marker, and an aborted one is listed', () => {
  const { log, dir, clock } = openLog();
  const transactional = { producerId: 9, producerEpoch: 0, attributes: 0x10 };
  append(log, ['plain']);
  append(log, ['in doubt'], { ...transactional, baseSequence: 0 });
  append(log, ['later']);
  expect(log.lastStableOffset).toBe(1);
  log.endTransaction(9, 0, false);
  expect(log.lastStableOffset).toBe(4);
  expect(log.transactions.abortedBetween(0, 4)).toEqual([{ producerId: 9, firstOffset: 1, markerOffset: 3 }]);
  const again = openLog(dir, {}, clock).log;
  expect(again.transactions.abortedBetween(0, 4)).toHaveLength(1);
  expect(again.lastStableOffset).toBe(4);
});

test('time lookup finds the first record at or after the time', () => {
  const { log } = openLog(undefined, { segmentBytes: 200 });
  for (const timestamp of [100, 300, 200, 400]) append(log, ['x'], { timestamp });
  expect(log.findTime(0)).toEqual({ offset: 0, timestamp: 100 });
  expect(log.findTime(101)).toEqual({ offset: 1, timestamp: 300 });
  expect(log.findTime(301)).toEqual({ offset: 3, timestamp: 400 });
  expect(log.findTime(401)).toBeNull();
});

test('deleting records moves the start, drops whole segments and survives a restart', () => {
  const { log, dir, clock } = openLog(undefined, { segmentBytes: 200 });
  for (let i = 0; i < 10; i++) append(log, [`v${i}`]);
  const files = fs.readdirSync(dir).length;
  expect(log.deleteBefore(7)).toBe(7);
  expect(fs.readdirSync(dir).length).toBeLessThan(files);
  expect(readAll(openLog(dir, {}, clock).log, 7)).toEqual(['7:v7', '8:v8', '9:v9']);
  expect(openLog(dir, {}, clock).log.logStartOffset).toBe(7);
  expect(() => log.deleteBefore(11)).toThrow(expect.objectContaining({ code: ErrorCode.OFFSET_OUT_OF_RANGE }));
});

test('retention deletes old segments and offsets never run backwards, even when everything is gone', () => {
  const clock = createFakeClock(1_000_000);
  const { log, dir } = openLog(undefined, { segmentBytes: 200 }, clock);
  for (let i = 0; i < 10; i++) append(log, [`v${i}`], { timestamp: clock.now() });
  expect(log.enforceRetention(5000, -1)).toBe(0);
  clock.advance(6000);
  expect(log.enforceRetention(5000, -1)).toBeGreaterThan(0);
  expect([log.logStartOffset, log.logEndOffset]).toEqual([10, 10]);
  const again = openLog(dir, {}, clock).log;
  expect(append(again, ['next'])).toBe(10);
});

test('retention by size keeps at least the newest segments', () => {
  const { log } = openLog(undefined, { segmentBytes: 200 });
  for (let i = 0; i < 20; i++) append(log, [`v${i}`]);
  const size = log.sizeBytes;
  log.enforceRetention(-1, 400);
  expect(log.sizeBytes).toBeLessThan(size);
  expect(log.sizeBytes).toBeGreaterThanOrEqual(400);
  expect(log.logEndOffset).toBe(20);
});

test('LogAppendTime replaces the timestamp and keeps the checksum right', () => {
  const { log, dir, clock } = openLog(undefined, { appendTime: true });
  append(log, ['a'], { timestamp: 5 });
  expect(log.findTime(6)).toEqual({ offset: 0, timestamp: clock.now() });
  expect(openLog(dir, {}, clock).tornBytes).toBe(0);
});

test('batches that would harm consumers are refused', () => {
  const good = () => buildBatch({ records: [{ key: null, value: Buffer.from('abc') }], timestamp: 1 });
  const code = (bytes: Buffer | null, max = 1000) => {
    try {
      checkProducedBatch(bytes, max);
      return ErrorCode.NONE;
    } catch (error) {
      return (error as { code: number }).code;
    }
  };
  expect(code(good())).toBe(ErrorCode.NONE);
  expect(code(null)).toBe(ErrorCode.INVALID_RECORD);
  expect(code(good(), 20)).toBe(ErrorCode.MESSAGE_TOO_LARGE);
  expect(code(Buffer.concat([good(), good()]))).toBe(ErrorCode.INVALID_RECORD);
  expect(code(good().subarray(0, -1))).toBe(ErrorCode.CORRUPT_MESSAGE);
  const flipped = good();
  flipped[65] = (flipped[65] ?? 0) ^ 1;
  expect(code(flipped)).toBe(ErrorCode.CORRUPT_MESSAGE);
  expect(code(buildBatch({ records: [{ key: null, value: null }], timestamp: 1, attributes: 0x20 }))).toBe(
    ErrorCode.INVALID_RECORD,
  );
  expect(code(buildBatch({ records: [], timestamp: 1 }))).toBe(ErrorCode.INVALID_RECORD);
});
