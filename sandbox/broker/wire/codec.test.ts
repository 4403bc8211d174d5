import fc from 'fast-check';
import { expect, test } from 'vitest';
import { APIS } from '../apis/registry.ts';
import { array, int32, int64, nullableBytes, nullableString, since, string, struct, until } from './codec.ts';
import { WireError } from './errors.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const shape = struct({
  name: string,
  old: until(2, int32, 7),
  items: array(struct({ id: int64, note: nullableString })),
  payload: nullableBytes,
  added: since(3, int32, -1),
});

const value = fc.record({
  name: fc.string(),
  old: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  items: fc.array(fc.record({ id: fc.maxSafeInteger(), note: fc.option(fc.string()) })),
  payload: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
  added: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
});

test('what is written is read back, in classic and flexible versions', () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 6 }), fc.boolean(), (input, version, flexible) => {
      const writer = new Writer(8);
      shape.write(writer, input, { version, flexible });
      const output = shape.read(new Reader(writer.buffer()), { version, flexible });
      expect(output).toEqual({ ...input, old: version <= 2 ? input.old : 7, added: version >= 3 ? input.added : -1 });
    }),
  );
});

test('64-bit numbers have the bytes of a signed big-endian integer', () => {
  for (const n of [
    0,
    -1,
    -2,
    1,
    2 ** 32 - 1,
    2 ** 32,
    -(2 ** 32),
    -(2 ** 32) - 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ]) {
    const writer = new Writer();
    writer.int64(n);
    expect(writer.buffer().readBigInt64BE()).toBe(BigInt(n));
    expect(new Reader(writer.buffer()).int64()).toBe(n);
  }
});

test('large byte fields are passed by reference, not copied', () => {
  const writer = new Writer();
  const large = Buffer.alloc(100_000, 1);
  writer.int32(1);
  writer.raw(large);
  writer.int32(2);
  expect(writer.chunks()).toContain(large);
  expect(writer.length).toBe(100_008);
});

test('an array that claims more items than there are bytes is refused before anything is allocated', () => {
  const frame = Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0]);
  expect(() => array(int32).read(new Reader(frame), { version: 0, flexible: false })).toThrow(WireError);
});

test('any truncation of a request is a WireError, never another exception and never a wrong value', () => {
  for (const api of APIS) {
    const [min, max] = api.versions;
    for (let version = min; version <= max; version++) {
      const wire = { version, flexible: version >= api.flexibleSince };
      const writer = new Writer();
      api.request.write(writer, api.request.absent, wire);
      const whole = writer.buffer();
      expect(api.request.read(new Reader(whole), wire), `${api.name} v${version}`).toEqual(api.request.absent);
      for (let cut = 0; cut < whole.length; cut++) {
        expect(() => api.request.read(new Reader(whole.subarray(0, cut)), wire)).toThrow(WireError);
      }
    }
  }
});

test('random bodies are read or refused with a WireError', () => {
  fc.assert(
    fc.property(fc.constantFrom(...APIS), fc.uint8Array({ maxLength: 200 }), (api, bytes) => {
      const version = api.versions[1];
      try {
        api.request.read(new Reader(Buffer.from(bytes)), { version, flexible: version >= api.flexibleSince });
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('each api has its own key and the registry is in key order', () => {
  const keys = APIS.map((api) => api.key);
  expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
});

test('the refusal of every api can be encoded in every version', () => {
  for (const api of APIS) {
    for (let version = api.versions[0]; version <= api.versions[1]; version++) {
      const wire = { version, flexible: version >= api.flexibleSince };
      const writer = new Writer();
      api.response.write(writer, api.refuse(api.request.absent, -1), wire);
      expect(() => api.response.read(new Reader(writer.buffer()), wire), `${api.name} v${version}`).not.toThrow();
    }
  }
});
