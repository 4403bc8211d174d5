import fs from 'node:fs';
import { writeFileAtomically } from '../log/write-file-atomically.ts';

const BLOCK = 1000;

/** Hands out producer ids, never the same twice: a block is reserved on disk before its first id is used. */
export class ProducerIds {
  private readonly file: string;
  private next: number;
  private reservedUpTo: number;

  constructor(file: string) {
    this.file = file;
    const saved = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { next: number }).next : BLOCK;
    this.next = saved;
    this.reservedUpTo = saved;
  }

  allocate(): number {
    if (this.next === this.reservedUpTo) {
      this.reservedUpTo += BLOCK;
      writeFileAtomically(this.file, JSON.stringify({ next: this.reservedUpTo }));
    }
    return this.next++;
  }
}
