import { eur, type SeedProduct } from '../product.ts';

export const garden: readonly SeedProduct[] = [
  {
    sku: 'GARDEN-001',
    name: 'Forged hand trowel',
    description:
      'A one-piece carbon-steel trowel with depth marks for bulbs and seedlings. The ash handle is oiled, not lacquered.',
    category: 'garden',
    price: eur(2490),
    initialStock: 10400,
  },
  {
    sku: 'GARDEN-002',
    name: 'Bypass pruning shears',
    description: 'Sharp pruners for roses and young branches up to 20 mm. Blade and spring can be replaced.',
    category: 'garden',
    price: eur(3690),
    initialStock: 8700,
  },
  {
    sku: 'GARDEN-003',
    name: 'Herb planter for the windowsill',
    description:
      'A self-watering planter for basil, parsley and chives on a kitchen windowsill. The reservoir lasts ten days.',
    category: 'garden',
    price: eur(2990),
    initialStock: 9900,
  },
  {
    sku: 'GARDEN-004',
    name: 'Galvanised watering can, 5 l',
    description:
      'A long-spout can with a brass rose that rains softly on seed beds. The balanced handle pours without tipping.',
    category: 'garden',
    price: eur(3890),
    initialStock: 6600,
  },
  {
    sku: 'GARDEN-005',
    name: 'Cedar bird house',
    description: 'A nesting box for tits and sparrows made of untreated cedar. The front opens for cleaning in autumn.',
    category: 'garden',
    price: eur(3290),
    initialStock: 4300,
  },
  {
    sku: 'GARDEN-006',
    name: 'Raised bed kit',
    description:
      'Four larch boards and steel corners for a vegetable bed of 120 × 80 cm. It goes together without tools.',
    category: 'garden',
    price: eur(8990),
    initialStock: 1500,
  },
  {
    sku: 'GARDEN-007',
    name: 'Kneeling pad and seat',
    description:
      'A folding frame that is a padded kneeler one way up and a garden seat the other. Side pockets hold small tools.',
    category: 'garden',
    price: eur(3990),
    initialStock: 5100,
  },
  {
    sku: 'GARDEN-008',
    name: 'Wildflower seed mix',
    description:
      'Forty native species for two square metres of bees and butterflies. Sow in spring or autumn and do nothing else.',
    category: 'garden',
    price: eur(890),
    initialStock: 20000,
  },
  {
    sku: 'GARDEN-009',
    name: 'Rain barrel, 100 l',
    description:
      'A slim rainwater barrel with a brass tap that fits beside any downpipe. The lid keeps leaves and mosquitoes out.',
    category: 'garden',
    price: eur(7490),
    initialStock: 0,
  },
];
