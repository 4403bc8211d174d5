import { eur, type SeedProduct } from '../product.ts';

export const kitchen: readonly SeedProduct[] = [
  {
    sku: 'KITCHEN-001',
    name: 'Kyoto pour-over coffee set',
    description:
      'A glass dripper, steel filter and server for brewing two cups of coffee by hand. The double wall keeps it hot without a plate.',
    category: 'kitchen',
    price: eur(4650),
    initialStock: 11200,
  },
  {
    sku: 'KITCHEN-002',
    name: 'Barista stovetop espresso maker',
    description:
      'A classic moka pot that brews six small cups of espresso on any hob, induction included. The handle stays cool to the touch.',
    category: 'kitchen',
    price: eur(3490),
    initialStock: 12800,
  },
  {
    sku: 'KITCHEN-003',
    name: 'Burr coffee grinder',
    description:
      'A hand grinder with steel conical burrs and eighteen settings, from espresso to French press. It grinds 20 g of beans in about a minute.',
    category: 'kitchen',
    price: eur(5900),
    initialStock: 6300,
  },
  {
    sku: 'KITCHEN-004',
    name: 'Cast-iron skillet, 26 cm',
    description:
      'A pre-seasoned iron pan that sears steak and bakes cornbread alike. Properly looked after, it outlives its owner.',
    category: 'kitchen',
    price: eur(4490),
    initialStock: 7900,
  },
  {
    sku: 'KITCHEN-005',
    name: "Santoku chef's knife",
    description:
      'An 18 cm knife forged from layered Japanese steel for vegetables, fish and meat. The oak handle is balanced for long chopping.',
    category: 'kitchen',
    price: eur(8900),
    initialStock: 3400,
  },
  {
    sku: 'KITCHEN-006',
    name: 'Sourdough baking set',
    description:
      "A proofing basket, dough scraper, lame and a recipe card for your first loaf of bread. The rattan basket leaves the baker's spiral on the crust.",
    category: 'kitchen',
    price: eur(3290),
    initialStock: 5600,
  },
  {
    sku: 'KITCHEN-007',
    name: 'Stoneware dinner set, 12 pieces',
    description:
      'Plates and bowls for four in a speckled reactive glaze. Safe in the dishwasher, the oven and the microwave.',
    category: 'kitchen',
    price: eur(9900),
    initialStock: 2200,
  },
  {
    sku: 'KITCHEN-008',
    name: 'Glass teapot with infuser',
    description:
      'A heat-proof teapot that shows the leaves unfold as the tea steeps. Lift out the infuser when the colour is right.',
    category: 'kitchen',
    price: eur(2990),
    initialStock: 8800,
  },
  {
    sku: 'KITCHEN-009',
    name: 'Ceramic spice mill pair',
    description:
      'Two mills with ceramic grinding gears for pepper and salt. The windows show what is left without opening them.',
    category: 'kitchen',
    price: eur(2690),
    initialStock: 15400,
  },
];
