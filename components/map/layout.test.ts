import { expect, test } from 'vitest';
import { type Box, layoutMap, pointAt, wayPath } from './layout.ts';
import { buildMap } from './map-model.ts';
import { smallTopology, status, traffic } from './testing.ts';

const map = buildMap(smallTopology, [], null);
const layout = layoutMap(map);
const box = (id: string): Box => layout.boxes.get(id) ?? { x: Number.NaN, y: 0, width: 0, height: 0 };

test('callers stand left of what they call, services left of their topics', () => {
  expect(box('gateway').x).toBeLessThan(box('orders').x);
  expect(box('orders').x).toBeLessThan(box('pricing').x);
  expect(box('orders').x).toBeLessThan(box('orders.events').x);
  expect(box('billing').x).toBeLessThan(box('orders.events').x);
});

test('what nearly everything uses stands in a row below', () => {
  const lowest = Math.max(
    ...['gateway', 'orders', 'pricing', 'billing', 'orders.events'].map((id) => box(id).y + box(id).height),
  );
  expect(box('postgres').y).toBeGreaterThan(lowest);
  expect(box('broker').y).toBe(box('postgres').y);
});

test('no two places overlap, and the frame of the broker holds its topics', () => {
  const all = [...layout.boxes];
  for (const [a, one] of all) {
    for (const [b, other] of all) {
      if (a === b) continue;
      const apart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      expect(apart, `${a} and ${b}`).toBe(true);
    }
  }
  const topic = box('orders.events');
  expect(layout.broker?.x).toBeLessThan(topic.x);
  expect((layout.broker?.y ?? 0) + (layout.broker?.height ?? 0)).toBeGreaterThan(topic.y + topic.height);
});

test('traffic, states and strangers move nothing', () => {
  const busy = buildMap(smallTopology, [status('orders', 'failed')], {
    services: [],
    edges: [traffic('gateway', 'orders', 'http'), traffic('billing', '127.0.0.1:9', 'http')],
  });
  const after = layoutMap(busy);
  for (const [id, place] of layout.boxes) expect(after.boxes.get(id)).toEqual(place);
  expect(after.boxes.get('127.0.0.1:9')).toBeDefined();
  expect(after.ways.get('billing http 127.0.0.1:9')).toBeDefined();
});

test('every edge leaves the side of its source and arrives at the side of its target', () => {
  for (const edge of map.edges) {
    const way = layout.ways.get(edge.id);
    const [start, end] = [way?.points[0], way?.points.at(-1)];
    const onBorder = (point: typeof start, { x, y, width, height }: Box) =>
      point !== undefined &&
      (point.x === x || point.x === x + width) !== (point.y === y || point.y === y + height) &&
      point.x >= x &&
      point.x <= x + width &&
      point.y >= y &&
      point.y <= y + height;
    expect(onBorder(start, box(edge.from)), `start of ${edge.id}`).toBe(true);
    expect(onBorder(end, box(edge.to)), `end of ${edge.id}`).toBe(true);
  }
});

test('a way is one smooth path, and a text finds its place on it', () => {
  const way = {
    points: [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 100, y: 40 },
    ],
    vertical: false,
  };
  expect(wayPath(way)).toBe('M0 0C5 0 5 0 10 0C55 0 55 40 100 40');
  expect(pointAt(way, 0)).toEqual({ x: 0, y: 0 });
  expect(pointAt(way, 0.75)).toEqual({ x: 55, y: 20 });
  expect(pointAt(way, 1).x).toBeCloseTo(100);
  expect(
    pointAt(
      {
        points: [
          { x: 0, y: 0 },
          { x: 20, y: 100 },
        ],
        vertical: true,
      },
      0.5,
    ),
  ).toEqual({ x: 10, y: 50 });
});
