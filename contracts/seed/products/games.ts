import { eur, type SeedProduct } from '../product.ts';

export const games: readonly SeedProduct[] = [
  {
    sku: 'GAME-001',
    name: 'Old Town jigsaw puzzle, 1000 pieces',
    description:
      'A thousand-piece jigsaw of a watercolour old town on linen-finish board. No two pieces are cut alike.',
    category: 'games',
    price: eur(1990),
    initialStock: 10900,
  },
  {
    sku: 'GAME-002',
    name: 'Forest animals wooden puzzle',
    description:
      'A chunky wooden puzzle with twelve forest animals for children from two years. Painted with water-based colours and gentle on small hands.',
    category: 'games',
    price: eur(1790),
    initialStock: 12100,
  },
  {
    sku: 'GAME-003',
    name: 'Junior brain-teaser box',
    description:
      'Eight wooden and metal puzzles of rising difficulty for children from seven years. The booklet gives hints before it gives answers.',
    category: 'games',
    price: eur(2490),
    initialStock: 8900,
  },
  {
    sku: 'GAME-004',
    name: 'Harbour Masters board game',
    description:
      'A strategy game for two to four players about trading ships and changing tides. A game takes about an hour.',
    category: 'games',
    price: eur(4490),
    initialStock: 4100,
  },
  {
    sku: 'GAME-005',
    name: 'Travel chess set',
    description:
      'A magnetic chess set in a folding walnut box, small enough for a train table. The pieces stay put in every curve.',
    category: 'games',
    price: eur(3790),
    initialStock: 6700,
  },
  {
    sku: 'GAME-006',
    name: 'Storyteller card game',
    description:
      'A cooperative card game in which a family invents a tale together, one picture at a time. For three to eight players from six years.',
    category: 'games',
    price: eur(1690),
    initialStock: 9400,
  },
  {
    sku: 'GAME-007',
    name: 'Marble run construction set',
    description:
      'Ninety tracks, curves and switches that children build into a marble run. It teaches gravity while nobody notices.',
    category: 'games',
    price: eur(3990),
    initialStock: 7000,
  },
  {
    sku: 'GAME-008',
    name: 'Night sky glow-in-the-dark puzzle',
    description:
      'A 200-piece puzzle of the constellations for children from eight years that glows after the lamp is off. A poster names every star.',
    category: 'games',
    price: eur(1590),
    initialStock: 11500,
  },
  {
    sku: 'GAME-009',
    name: 'Robot building kit',
    description:
      'A first robotics kit with motors, sensors and a block-coding app for ages nine and up. Five robots to build, then your own.',
    category: 'games',
    price: eur(8990),
    initialStock: 3000,
  },
];
