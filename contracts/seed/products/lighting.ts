import { eur, type SeedProduct } from '../product.ts';

export const lighting: readonly SeedProduct[] = [
  {
    sku: 'LAMP-001',
    name: 'Halden desk lamp',
    description:
      'A jointed desk lamp with a warm, glare-free LED head. The counterweight keeps it exactly where you leave it.',
    category: 'lighting',
    price: eur(6900),
    initialStock: 8200,
  },
  {
    sku: 'LAMP-002',
    name: 'Nocturne clip-on reading light',
    description:
      'A small amber reading light that clips to a headboard or a book. Its narrow beam lets you read at night without waking anyone.',
    category: 'lighting',
    price: eur(2450),
    initialStock: 14500,
  },
  {
    sku: 'LAMP-003',
    name: 'Fjord paper pendant',
    description:
      'A hand-folded paper shade that spreads soft light over a dining table. It packs flat and opens in a minute.',
    category: 'lighting',
    price: eur(5400),
    initialStock: 5200,
  },
  {
    sku: 'LAMP-004',
    name: 'Atlas floor lamp',
    description:
      'A slender steel floor lamp that arcs over a sofa or an armchair. The foot switch dims it in four steps.',
    category: 'lighting',
    price: eur(14900),
    initialStock: 2600,
  },
  {
    sku: 'LAMP-005',
    name: 'Ember bedside lamp',
    description:
      'A dimmable bedside lamp with a linen shade and a touch base. The lowest setting is gentle enough to leave on as a night light.',
    category: 'lighting',
    price: eur(4800),
    initialStock: 9600,
  },
  {
    sku: 'LAMP-006',
    name: 'Tidewater bathroom sconce',
    description:
      'A splash-proof wall light in frosted glass for beside the mirror. Rated IP44 and wired in under an hour.',
    category: 'lighting',
    price: eur(7900),
    initialStock: 1800,
  },
  {
    sku: 'LAMP-007',
    name: 'Lumen smart bulb, set of three',
    description:
      'Three E27 bulbs that change from cool daylight to candlelight from your phone. They work over Wi-Fi, with no hub to buy.',
    category: 'lighting',
    price: eur(3990),
    initialStock: 18000,
  },
  {
    sku: 'LAMP-008',
    name: 'Festoon outdoor string lights',
    description:
      'Twelve weatherproof filament bulbs on a ten-metre cable for a balcony or terrace. Several strings link end to end.',
    category: 'lighting',
    price: eur(4290),
    initialStock: 7400,
  },
  {
    sku: 'LAMP-009',
    name: 'Prism sculptural table lamp',
    description:
      'A numbered table lamp cast from recycled glass in a small studio run. Each piece catches the light differently.',
    category: 'lighting',
    price: eur(18900),
    initialStock: 3,
  },
];
