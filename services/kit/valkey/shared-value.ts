import type { Fallback } from '../resilience/fallback.ts';
import type { Script, Valkey } from './valkey.ts';

/** A value and how old it was when it was asked for. */
export type Aged<T> = { value: T; ageMs: number };

/** A value that replicas load for each other. */
export type SharedValue<T> = {
  /** What a replica has loaded less than `ttlMs` ago, or what `load` gives, which is then left for the others. */
  through(load: () => Promise<T>): Promise<Aged<T>>;
};

export type SharedValueOptions<T> = {
  valkey: Valkey;
  key: string;
  ttlMs: number;
  encode: (value: T) => string;
  /** Throws for what another version of this program left there. */
  decode: (text: string) => T;
  /** What happens while Valkey cannot be asked: the value is loaded. */
  fallback: Fallback;
  onError: (error: unknown) => void;
};

/** The value, how long it may still be used, and the server's time in milliseconds. */
const readScript: Script = {
  source: `
local time = redis.call('TIME')
return {redis.call('GET', KEYS[1]) or '', redis.call('PTTL', KEYS[1]), time[1] * 1000 + math.floor(time[2] / 1000)}
`,
};

/** Keeps the value in Valkey. Its end is set by the server's clock of before it was loaded: it is never used any later. */
export function createSharedValue<T>(options: SharedValueOptions<T>): SharedValue<T> {
  const { valkey, key, ttlMs, encode, decode, fallback, onError } = options;

  function decoded(text: string): T | null {
    try {
      return text === '' ? null : decode(text);
    } catch (error) {
      onError(error);
      return null;
    }
  }

  return {
    async through(load) {
      if (ttlMs <= 0) return { value: await load(), ageMs: 0 };
      const seen = await fallback.run(
        async () => (await valkey.run(readScript, [key], [])) as [string, number, number],
        () => null,
      );
      const [text, leftMs, serverMs] = seen ?? ['', 0, null];
      const found = decoded(text);
      if (found !== null && leftMs > 0) return { value: found, ageMs: Math.max(0, ttlMs - leftMs) };
      const value = await load();
      if (serverMs !== null) valkey.send('SET', key, encode(value), 'PXAT', String(serverMs + ttlMs)).catch(onError);
      return { value, ageMs: 0 };
    },
  };
}
