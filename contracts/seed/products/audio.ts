import { eur, type SeedProduct } from '../product.ts';

export const audio: readonly SeedProduct[] = [
  {
    sku: 'AUDIO-001',
    name: 'Stillness noise-cancelling headphones',
    description:
      'Over-ear headphones that silence trains and open-plan offices. They play for 35 hours and fold into a small case.',
    category: 'audio',
    price: eur(24900),
    initialStock: 3800,
  },
  {
    sku: 'AUDIO-002',
    name: 'Pebble wireless earbuds',
    description: 'Light in-ear buds with clear calls and a pocket charging case. Rain and sweat do them no harm.',
    category: 'audio',
    price: eur(9900),
    initialStock: 12400,
  },
  {
    sku: 'AUDIO-003',
    name: 'Harbour portable speaker',
    description:
      'A waterproof Bluetooth speaker with a surprisingly deep bass. It floats and plays for sixteen hours at the beach or in the park.',
    category: 'audio',
    price: eur(12900),
    initialStock: 7700,
  },
  {
    sku: 'AUDIO-004',
    name: 'Orbit turntable',
    description:
      'A belt-drive record player with a built-in phono stage for vinyl at 33 and 45 rpm. Connect it to any speaker and listen.',
    category: 'audio',
    price: eur(27900),
    initialStock: 1700,
  },
  {
    sku: 'AUDIO-005',
    name: 'Bookshelf speaker pair',
    description:
      'Two-way speakers in walnut veneer for a living room up to 25 m². The silk tweeter stays clear at low volume.',
    category: 'audio',
    price: eur(34900),
    initialStock: 1200,
  },
  {
    sku: 'AUDIO-006',
    name: 'Studio USB microphone',
    description:
      'A condenser microphone for podcasts, calls and singing, with a cardioid pattern. Plug it in by USB-C and speak.',
    category: 'audio',
    price: eur(11900),
    initialStock: 4600,
  },
  {
    sku: 'AUDIO-007',
    name: 'Sunrise clock radio',
    description:
      'An alarm clock that wakes you with slowly rising light, then with the radio. It dims its own display at night.',
    category: 'audio',
    price: eur(6900),
    initialStock: 6800,
  },
  {
    sku: 'AUDIO-008',
    name: 'Practice guitar amplifier',
    description:
      'A five-watt amplifier with clean and overdriven channels for practising at home. The headphone socket keeps the peace with the neighbours.',
    category: 'audio',
    price: eur(8900),
    initialStock: 2900,
  },
  {
    sku: 'AUDIO-009',
    name: 'Vinyl care kit',
    description:
      'A carbon-fibre brush, cleaning fluid and cloth that take dust and crackle off records. Enough for about two hundred sides.',
    category: 'audio',
    price: eur(2790),
    initialStock: 9100,
  },
];
