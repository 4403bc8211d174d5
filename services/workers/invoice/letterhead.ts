import { colour, margin, page, style } from './page.ts';
import type { Pen } from './pen.ts';

const right = page.width - margin.side;

/** Sender, top of the first page: the mark, the name, and an address that cannot be mistaken for a real one. */
export function letterhead(pen: Pen): void {
  mark(pen, margin.side + 11, 67);
  pen.write('Orrery', { x: margin.side + 32, y: 60, width: 200 }, style.sender);
  const address = ['Orrery demo shop', 'Loopback Lane 127', '00 001 Localhost'];
  pen.writeBlock(address, { x: right - 200, y: 56, width: 200, align: 'right' }, 2, style.small);
}

/** Foot of every page: what this paper is, and which page. */
export function pageFoot(pen: Pen, number: string, current: number, count: number): void {
  const y = page.height - margin.bottom + 8;
  pen.rule(margin.side, right, y - 10, 0.5, colour.hairline);
  const notice = 'Demonstration invoice of a model shop. No goods were sold and no money changed hands.';
  pen.write(notice, { x: margin.side, y, width: 340 }, style.small);
  pen.write(`${number} · ${current}/${count}`, { x: right - 140, y, width: 140, align: 'right' }, style.small);
}

/** A sun, two orbits, two planets. */
function mark(pen: Pen, x: number, y: number): void {
  pen.ring(x, y, 6.2, 0.8, colour.ink);
  pen.ring(x, y, 10.6, 0.8, colour.ink);
  pen.disc(x, y, 2.4, colour.accent);
  pen.disc(x + 4.4, y - 4.4, 1.5, colour.ink);
  pen.disc(x - 9.2, y + 5.3, 1.9, colour.ink);
}
