import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';

export type GrpcContract = {
  /** Asks a server by the contract alone. Rejects with the status that it answers. */
  ask: (address: string, method: string, request: object) => Promise<Buffer>;
  /** The answer as the contract reads it, and what it does not know of: bytes that are gone when it is written again. */
  judge: (method: string, answer: Buffer) => { message: object; findings: string[] };
};

/** Reads the proto of an export; `service` is its full name. */
export function readGrpcContract(proto: string, service: string): GrpcContract {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-proto-'));
  const file = join(folder, 'contract.proto');
  writeFileSync(file, proto);
  const methods = loadSync(file, { longs: String })[service] as
    | Record<string, MethodDefinition<object, object>>
    | undefined;
  rmSync(folder, { recursive: true });
  const find = (name: string) => {
    const method = methods?.[name];
    if (method === undefined) throw new Error(`the contract knows no ${service}/${name}`);
    return method;
  };
  return {
    ask(address, name, request) {
      const { path, requestSerialize } = find(name);
      const client = new Client(address, credentials.createInsecure());
      return new Promise<Buffer>((resolve, reject) => {
        const asIs = (bytes: Buffer) => bytes;
        const deadline = { deadline: Date.now() + 10_000 };
        client.makeUnaryRequest(path, requestSerialize, asIs, request, deadline, (error, answer) => {
          if (answer === undefined) reject(error);
          else resolve(answer);
        });
      }).finally(() => client.close());
    },
    judge(name, answer) {
      const { responseDeserialize, responseSerialize } = find(name);
      const message = responseDeserialize(answer);
      const again = responseSerialize(message);
      const findings = again.equals(answer)
        ? []
        : [`${name}: ${answer.length} bytes, of which the contract knows ${again.length}`];
      return { message, findings };
    },
  };
}
