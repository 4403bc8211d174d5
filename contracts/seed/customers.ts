import { z } from 'zod';
import { Uuid } from '../ids.ts';

/** A customer of the demo shop. Nobody real: example.com addresses, invented names. */
export const SeedCustomer = z
  .object({ id: Uuid, name: z.string().min(3), email: z.email(), street: z.string(), city: z.string() })
  .strict();
export type SeedCustomer = z.infer<typeof SeedCustomer>;

function customer(serial: number, name: string, street: string, city: string): SeedCustomer {
  const email = `${name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, '.')}@example.com`;
  return { id: `01900000-0000-7000-8000-${String(serial).padStart(12, '0')}`, name, email, street, city };
}

/** Twenty customers with fixed ids, so that orders, mails and tokens of one run can be compared with the next. */
export const customers: readonly SeedCustomer[] = [
  customer(1, 'Ada Bergström', 'Kungsgatan 14', '411 19 Göteborg'),
  customer(2, 'Mateo Ferrer', 'Carrer de Sants 88', '08014 Barcelona'),
  customer(3, 'Ines Novak', 'Trubarjeva cesta 31', '1000 Ljubljana'),
  customer(4, 'Jonas Weber', 'Karl-Heine-Straße 52', '04229 Leipzig'),
  customer(5, 'Chiara Conti', 'Via del Corso 7', '50122 Firenze'),
  customer(6, 'Luc Moreau', 'Rue Mercière 23', '69002 Lyon'),
  customer(7, 'Freya Nielsen', 'Vestergade 40', '8000 Aarhus'),
  customer(8, 'Pieter de Vries', 'Oudegracht 155', '3511 AK Utrecht'),
  customer(9, 'Zofia Wójcik', 'ulica Długa 12', '80-831 Gdańsk'),
  customer(10, 'Tomás Oliveira', 'Rua das Flores 61', '4050-262 Porto'),
  customer(11, 'Niamh Kelly', '9 Shop Street', 'H91 Galway'),
  customer(12, 'Elias Virtanen', 'Hämeenkatu 18', '33200 Tampere'),
  customer(13, 'Hanna Gruber', 'Herrengasse 5', '8010 Graz'),
  customer(14, 'Dimitris Pappas', 'Tsimiski 77', '546 22 Thessaloniki'),
  customer(15, 'Klára Dvořáková', 'Česká 26', '602 00 Brno'),
  customer(16, 'Marco Rossi', 'Via Zamboni 19', '40126 Bologna'),
  customer(17, 'Saoirse Murphy', '32 Oliver Plunkett Street', 'T12 Cork'),
  customer(18, 'Anton Lindqvist', 'Storgatan 3', '903 26 Umeå'),
  customer(19, 'Camille Dubois', 'Rue Neuve 110', '1000 Bruxelles'),
  customer(20, 'Petra Horvat', 'Ilica 48', '10000 Zagreb'),
];

/** The customer that the demo user `shopper` is: identity puts this id into the token. */
export const demoShopper: SeedCustomer = customers[0] as SeedCustomer;
