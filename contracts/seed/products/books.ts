import { eur, type SeedProduct } from '../product.ts';

export const books: readonly SeedProduct[] = [
  {
    sku: 'BOOK-001',
    name: 'The Quiet Orchard',
    description:
      'A novel about three sisters who inherit a failing cider farm and its secrets. Slow, funny, and hard to leave at bedtime.',
    category: 'books',
    price: eur(1690),
    initialStock: 8600,
  },
  {
    sku: 'BOOK-002',
    name: 'Night Train to Trieste',
    description:
      'A crime story in which a retired conductor solves one last case between two stations. Best read in a single sitting.',
    category: 'books',
    price: eur(1290),
    initialStock: 11900,
  },
  {
    sku: 'BOOK-003',
    name: 'Bread, Patiently',
    description:
      'Sixty recipes for sourdough, rye and flatbreads, with photographs of every fold. Written by a baker who answers the questions you actually have.',
    category: 'books',
    price: eur(3290),
    initialStock: 4700,
  },
  {
    sku: 'BOOK-004',
    name: 'A Field Guide to City Birds',
    description: 'Two hundred birds that live among houses, with songs, nests and seasons. It fits a coat pocket.',
    category: 'books',
    price: eur(2190),
    initialStock: 6200,
  },
  {
    sku: 'BOOK-005',
    name: 'Systems That Bend',
    description:
      "An engineer's guide to building distributed software that fails well. Timeouts, retries and queues, explained with real incidents.",
    category: 'books',
    price: eur(3990),
    initialStock: 5400,
  },
  {
    sku: 'BOOK-006',
    name: 'Small Gardens, Big Harvests',
    description:
      'How to grow vegetables on a balcony or in a tiny back garden, month by month. The planting calendar folds out.',
    category: 'books',
    price: eur(2490),
    initialStock: 5800,
  },
  {
    sku: 'BOOK-007',
    name: 'The Moon Has a Night Light',
    description:
      'A picture book for children from three years about a moon who is afraid of the dark. The cover glows softly at bedtime.',
    category: 'books',
    price: eur(1390),
    initialStock: 13200,
  },
  {
    sku: 'BOOK-008',
    name: 'Atlas of Imaginary Islands',
    description:
      'Fifty maps of places that never were, each with its legend. A large illustrated book for curious readers of any age.',
    category: 'books',
    price: eur(3490),
    initialStock: 3300,
  },
  {
    sku: 'BOOK-009',
    name: 'One Pot, Thirty Evenings',
    description: 'A month of weeknight dinners that dirty a single pan. Every recipe takes less than forty minutes.',
    category: 'books',
    price: eur(2290),
    initialStock: 7600,
  },
];
