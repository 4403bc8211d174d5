import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dial, eventually, proxied } from '../testing.ts';

let rig: Awaited<ReturnType<typeof proxied>>;
beforeEach(async () => {
  rig = await proxied();
});
afterEach(() => rig.close());

describe('a proxy without toxics', () => {
  it('carries bytes both ways and counts them', async () => {
    const { client, server } = await rig.pair();
    client.socket.write('question');
    await eventually('the question arrives', () => server.text() === 'question');
    server.socket.write('answer!');
    await eventually('the answer arrives', () => client.text() === 'answer!');
    expect(rig.edge.receivedBytes).toEqual({ upstream: 8, downstream: 7 });
  });

  it('keeps one direction open when the other has ended', async () => {
    const { client, server } = await rig.pair();
    client.socket.end('all I have');
    await eventually('the server sees the end', () => server.ended());
    server.socket.write('still ');
    server.socket.end('talking');
    await eventually('the client sees the end', () => client.ended());
    expect(client.text()).toBe('still talking');
    await eventually('nothing is left', () => rig.edge.connectionCount === 0);
  });

  it('stops reading while the other side does not read, and loses nothing', async () => {
    const { client, server } = await rig.pair();
    server.socket.pause();
    const block = Buffer.alloc(1 << 20, 'x');
    for (let written = 0; written < 64; written += 1) client.socket.write(block);
    await eventually(
      'the proxy has stopped',
      () => rig.edge.receivedBytes.upstream > 0 && client.socket.writableLength > 0,
    );
    expect(client.socket.writableLength).toBeGreaterThan(8 << 20);
    server.socket.resume();
    await eventually('all of it arrives', () => rig.edge.receivedBytes.upstream === 64 << 20);
    await eventually('all of it is handed on', () => server.socket.bytesRead === 64 << 20);
  });

  it('resets the one side when the other is reset', async () => {
    const { client, server } = await rig.pair();
    client.socket.resetAndDestroy();
    await eventually('the server is reset', () => server.error() === 'ECONNRESET');
    await eventually('nothing is left', () => rig.edge.connectionCount === 0);
  });

  it('drops the client when nobody answers upstream, and serves the next one when somebody does', async () => {
    const { listen, upstream } = rig.edge;
    rig.edge.upstream = '127.0.0.1:1';
    const refused = dial(listen);
    await eventually('the client is dropped', () => refused.closed());
    rig.edge.upstream = upstream;
    const { client, server } = await rig.pair();
    server.socket.write('here');
    await eventually('it is served', () => client.text() === 'here');
  });
});

describe('a proxy that is down', () => {
  it('cuts what is open, refuses what comes, and listens again on the same port', async () => {
    const { client } = await rig.pair();
    const { listen } = rig.edge;
    await rig.edge.stop();
    await eventually('the connection is cut', () => client.ended());
    expect(rig.edge.cut).toBe(1);
    const refused = dial(listen);
    await eventually('it is refused', () => refused.error() === 'ECONNREFUSED');
    await rig.edge.start();
    expect(rig.edge.listen).toBe(listen);
    await rig.pair();
  });
});
