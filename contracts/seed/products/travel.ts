import { eur, type SeedProduct } from '../product.ts';

export const travel: readonly SeedProduct[] = [
  {
    sku: 'TRAVEL-001',
    name: 'Nomad carry-on suitcase',
    description:
      'A 38-litre cabin suitcase with a polycarbonate shell and quiet wheels. Sized for the overhead locker of every European airline.',
    category: 'travel',
    price: eur(15900),
    initialStock: 3900,
  },
  {
    sku: 'TRAVEL-002',
    name: 'Ridge daypack, 24 l',
    description:
      'A weatherproof backpack with a padded laptop sleeve and a hidden pocket. Light enough for a hike, tidy enough for work.',
    category: 'travel',
    price: eur(8900),
    initialStock: 8100,
  },
  {
    sku: 'TRAVEL-003',
    name: 'Packing cubes, set of four',
    description:
      'Four mesh cubes that keep shirts, socks and cables apart in a suitcase. The compression zip saves about a third of the space.',
    category: 'travel',
    price: eur(2990),
    initialStock: 16300,
  },
  {
    sku: 'TRAVEL-004',
    name: 'Memory-foam travel pillow',
    description:
      'A neck pillow that holds the head upright for sleeping on a plane or a train. It rolls into a bag the size of a mug.',
    category: 'travel',
    price: eur(3490),
    initialStock: 10700,
  },
  {
    sku: 'TRAVEL-005',
    name: 'Universal travel adapter',
    description: 'One plug for sockets in more than 150 countries, with two USB-C ports. A spare fuse is inside.',
    category: 'travel',
    price: eur(3290),
    initialStock: 13900,
  },
  {
    sku: 'TRAVEL-006',
    name: 'Insulated water bottle, 0.75 l',
    description:
      'A steel bottle that keeps water cold for a day and tea hot for twelve hours. The lid does not leak in a bag.',
    category: 'travel',
    price: eur(2890),
    initialStock: 19200,
  },
  {
    sku: 'TRAVEL-007',
    name: 'Ultralight down jacket',
    description:
      'A 290 g jacket that packs into its own pocket for cold evenings on the road. The down is responsibly sourced.',
    category: 'travel',
    price: eur(17900),
    initialStock: 2700,
  },
  {
    sku: 'TRAVEL-008',
    name: 'Two-person trekking tent',
    description:
      'A freestanding tent of 1.9 kg with two doors and a full rain fly. One person pitches it in four minutes.',
    category: 'travel',
    price: eur(28900),
    initialStock: 1000,
  },
  {
    sku: 'TRAVEL-009',
    name: 'Leather passport wallet',
    description:
      'A slim wallet for passport, boarding pass and a few notes in vegetable-tanned leather. It darkens beautifully with the miles.',
    category: 'travel',
    price: eur(4590),
    initialStock: 0,
  },
];
