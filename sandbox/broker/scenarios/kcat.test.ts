import { execFile, execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { startTestBroker, type TestBroker } from '../testing/test-broker.ts';

function isInstalled(): boolean {
  try {
    execFileSync('kcat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const installed = isInstalled();

/** Runs kcat against the broker; resolves with its stdout, rejects on failure or after 15 s. */
function kcat(broker: TestBroker, args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('kcat', ['-b', broker.address, ...args], { timeout: 15_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`kcat ${args.join(' ')}: ${error.message}\n${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}

const lines = (text: string) => text.split('\n').filter(Boolean);

describe.skipIf(!installed)(installed ? 'kcat (librdkafka)' : 'kcat: skipped, because kcat is not on PATH', () => {
  test('lists brokers, topics and partitions', async () => {
    const broker = await startTestBroker();
    broker.cluster.topics.create('orders', 3, {});
    const metadata = JSON.parse(await kcat(broker, ['-L', '-J']));
    expect(metadata.brokers).toEqual([{ id: 0, name: broker.address }]);
    expect(metadata.topics[0]).toMatchObject({ topic: 'orders' });
    expect(metadata.topics[0].partitions).toHaveLength(3);
  });

  test.each(['none', 'gzip', 'snappy', 'lz4'])(
    'produces and consumes with %s, and really compresses',
    async (codec) => {
      const broker = await startTestBroker();
      broker.cluster.topics.create('t', 1, {});
      const input = Array.from({ length: 100 }, (_, i) => `k${i}:value ${i} ${'x'.repeat(100)}`);
      await kcat(broker, ['-P', '-t', 't', '-K:', '-z', codec], `${input.join('\n')}\n`);
      const size = broker.cluster.topics.partition('t', 0)?.sizeBytes ?? 0;
      if (codec === 'none') expect(size).toBeGreaterThan(11_000);
      else expect(size).toBeLessThan(6000);
      expect(lines(await kcat(broker, ['-C', '-t', 't', '-e', '-q', '-K:']))).toEqual(input);
    },
  );

  test('reads from an offset, the last n, and a timestamp', async () => {
    const broker = await startTestBroker();
    broker.cluster.topics.create('t', 1, {});
    await kcat(broker, ['-P', '-t', 't'], 'a\nb\nc\n');
    await new Promise((resolve) => setTimeout(resolve, 5));
    const between = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await kcat(broker, ['-P', '-t', 't'], 'd\ne\n');
    const read = async (offset: string) =>
      lines(await kcat(broker, ['-C', '-t', 't', '-p', '0', '-o', offset, '-e', '-q']));
    expect(await read('1')).toEqual(['b', 'c', 'd', 'e']);
    expect(await read('-2')).toEqual(['d', 'e']);
    expect(await read(`s@${between}`)).toEqual(['d', 'e']);
    expect(lines(await kcat(broker, ['-Q', '-t', `t:0:${between}`]))).toEqual(['t [0] offset 3']);
  });

  test('keeps headers', async () => {
    const broker = await startTestBroker();
    await kcat(broker, ['-P', '-t', 't', '-p', '0', '-H', 'traceparent=00-abc'], 'x\n');
    expect(await kcat(broker, ['-C', '-t', 't', '-e', '-q', '-f', '%h %s\n'])).toBe('traceparent=00-abc x\n');
  });

  test('consumes as a group and goes on where the group was', async () => {
    const broker = await startTestBroker();
    broker.cluster.topics.create('t', 2, {});
    await kcat(broker, ['-P', '-t', 't', '-p', '0'], 'a\nb\n');
    const options = ['-X', 'auto.offset.reset=earliest', '-q', '-e'];
    expect(lines(await kcat(broker, [...options, '-G', 'g', 't'])).sort()).toEqual(['a', 'b']);
    await kcat(broker, ['-P', '-t', 't', '-p', '1'], 'c\n');
    expect(lines(await kcat(broker, [...options, '-G', 'g', 't']))).toEqual(['c']);
    expect(broker.cluster.groups.offsetsOf('g').get('t')?.get(1)?.offset).toBe(1);
  });

  test('produces idempotently', async () => {
    const broker = await startTestBroker();
    broker.cluster.topics.create('t', 1, {});
    await kcat(broker, ['-P', '-t', 't', '-X', 'enable.idempotence=true'], 'a\nb\nc\n');
    const log = broker.cluster.topics.partition('t', 0);
    expect([log?.logEndOffset, log?.producers.count]).toEqual([3, 1]);
  });
});
