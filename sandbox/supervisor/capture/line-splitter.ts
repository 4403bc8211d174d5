import { StringDecoder } from 'node:string_decoder';

const longest = 64 * 1024;

/** Cuts a byte stream into lines; a line longer than 64 KiB is cut, so that one process cannot fill our memory. */
export function createLineSplitter(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (line: string) => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text !== '') onLine(text);
  };
  return {
    write(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) emit(line);
      while (rest.length > longest) {
        emit(rest.slice(0, longest));
        rest = rest.slice(longest);
      }
    },
    end() {
      emit(rest + decoder.end());
      rest = '';
    },
  };
}
