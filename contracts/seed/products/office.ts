import { eur, type SeedProduct } from '../product.ts';

export const office: readonly SeedProduct[] = [
  {
    sku: 'OFFICE-001',
    name: 'Contour ergonomic chair',
    description:
      'A mesh office chair with adjustable lumbar support, arms and tilt. Made for people who sit through an eight-hour working day.',
    category: 'office',
    price: eur(32900),
    initialStock: 1400,
  },
  {
    sku: 'OFFICE-002',
    name: 'Meridian standing desk',
    description:
      'A height-adjustable desk with two quiet motors and three memory positions. The bamboo top carries up to 80 kg.',
    category: 'office',
    price: eur(44900),
    initialStock: 1100,
  },
  {
    sku: 'OFFICE-003',
    name: 'Slate mechanical keyboard',
    description:
      'A compact keyboard with quiet tactile switches and replaceable keycaps. It remembers three computers over Bluetooth.',
    category: 'office',
    price: eur(11900),
    initialStock: 4800,
  },
  {
    sku: 'OFFICE-004',
    name: 'Drift vertical mouse',
    description:
      'A wireless mouse that keeps the wrist in its natural handshake angle. One charge lasts about three months.',
    category: 'office',
    price: eur(4990),
    initialStock: 9300,
  },
  {
    sku: 'OFFICE-005',
    name: 'Dot-grid notebook, A5',
    description:
      '192 pages of 100 g paper that fountain-pen ink does not bleed through. It opens flat and has numbered pages.',
    category: 'office',
    price: eur(1490),
    initialStock: 20000,
  },
  {
    sku: 'OFFICE-006',
    name: 'Brass fountain pen',
    description:
      'A solid brass pen with a fine steel nib that wears in with your hand. Takes standard cartridges or the converter in the box.',
    category: 'office',
    price: eur(5900),
    initialStock: 6100,
  },
  {
    sku: 'OFFICE-007',
    name: 'Laptop riser in oak',
    description: 'An oak stand that raises a laptop screen to eye level. The open back leaves room for cables and air.',
    category: 'office',
    price: eur(6490),
    initialStock: 3700,
  },
  {
    sku: 'OFFICE-008',
    name: 'Felt desk mat',
    description:
      'A 90 × 40 cm mat of merino felt that quietens keyboard and mouse. The cork underside keeps it in place.',
    category: 'office',
    price: eur(3990),
    initialStock: 7200,
  },
  {
    sku: 'OFFICE-009',
    name: 'Cable tidy kit',
    description:
      'Clips, sleeves and a lidded box that make the wires under a desk disappear. Everything sticks on and comes off again without a mark.',
    category: 'office',
    price: eur(1990),
    initialStock: 17600,
  },
];
