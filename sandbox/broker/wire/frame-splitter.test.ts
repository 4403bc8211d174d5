import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WireError } from './errors.ts';
import { FrameSplitter } from './frame-splitter.ts';

const framed = (body: Buffer) => {
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length);
  return Buffer.concat([head, body]);
};

test('frames come out whole and in order however the stream is cut', () => {
  const bodies = fc.array(
    fc.uint8Array({ minLength: 8, maxLength: 60 }).map((b) => Buffer.from(b)),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (frames, cuts) => {
      const stream = Buffer.concat(frames.map(framed));
      const splitter = new FrameSplitter(1000);
      const out: Buffer[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = cuts[i % cuts.length] ?? 1;
        splitter.push(stream.subarray(at, at + size));
        at += size;
        for (let frame = splitter.next(); frame; frame = splitter.next()) out.push(Buffer.from(frame));
      }
      expect(out.map(String)).toEqual(frames.map(String));
      expect(splitter.pendingBytes).toBe(0);
    }),
  );
});

test('a length that no request can have is refused as soon as it is known', () => {
  for (const length of [-1, 0, 7, 1001, 0x47455420]) {
    const splitter = new FrameSplitter(1000);
    const head = Buffer.alloc(4);
    head.writeInt32BE(length);
    splitter.push(head);
    expect(() => splitter.next(), String(length)).toThrow(WireError);
  }
});
