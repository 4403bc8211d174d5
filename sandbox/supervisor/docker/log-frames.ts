/**
 * A container's output as the engine sends it without a terminal: frames of one byte for the stream (1 out, 2 err), three
 * of nothing, four for the length, and the bytes; each line begins with its time.
 */
import type { CapturedLine } from '#contracts/sandbox/control.ts';
import { createLineSplitter } from '../capture/line-splitter.ts';

type Line = Omit<CapturedLine, 'sequence'>;

const headerBytes = 8;

export async function* frames(body: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const lines: Line[] = [];
  const splitters = {
    stdout: createLineSplitter((text) => lines.push(stamped(text, 'stdout'))),
    stderr: createLineSplitter((text) => lines.push(stamped(text, 'stderr'))),
  };
  let rest = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes) {
      const end = headerBytes + rest.readUInt32BE(4);
      if (rest.length < end) break;
      splitters[rest[0] === 2 ? 'stderr' : 'stdout'].write(rest.subarray(headerBytes, end));
      rest = rest.subarray(end);
    }
    yield* lines.splice(0);
  }
  for (const splitter of Object.values(splitters)) splitter.end();
  yield* lines;
}

function stamped(text: string, stream: CapturedLine['stream']): Line {
  const [stamp = '', line = ''] = [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)];
  const ms = Date.parse(stamp);
  return Number.isNaN(ms)
    ? { at: new Date().toISOString(), stream, line: text }
    : { at: new Date(ms).toISOString(), stream, line };
}
