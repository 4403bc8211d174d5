import { request } from 'node:http';
import type { Address } from '../addresses.ts';

/** Resolves when `GET path` answers 2xx. Rejects with what it answered instead, or why it did not. */
export function probeHttp({ host, port }: Address, path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path, signal, agent: false, headers: { connection: 'close' } }, (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        response.resume();
        resolve();
        return;
      }
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < 500) body += chunk;
      });
      response.on('error', reject);
      response.on('end', () => reject(new Error(`GET ${path} answered ${status} ${body.slice(0, 500)}`.trim())));
    });
    call.on('error', reject);
    call.end();
  });
}
