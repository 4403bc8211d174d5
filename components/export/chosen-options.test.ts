import { expect, test } from 'vitest';
import { asCommand, choose, toChosen, toPairs, zipHref } from './chosen-options.ts';

test('options survive the way into the URL and back, equal signs and commas too', () => {
  const options = { registry: 'ghcr.io/acme', paymentsUrl: 'https://pay.dev/?a=b', overlays: 'dev,prod' };
  expect(toChosen(toPairs(options))).toEqual(options);
  expect(toChosen(['nonsense', '=x'])).toEqual({});
});

test('what is set back to its default is no choice any more', () => {
  const chosen = choose({}, 'replicas', '3', '2');
  expect(chosen).toEqual({ replicas: '3' });
  expect(choose(chosen, 'replicas', '2', '2')).toEqual({});
});

test('the command names all targets as one, and quotes what a shell would read', () => {
  expect(asCommand(['helm', 'argo'], ['helm', 'argo'], { replicas: '3' })).toBe(
    'npm run orrery -- export all --out ./export --option replicas=3',
  );
  expect(asCommand(['helm'], ['helm', 'argo'], { paymentsUrl: 'https://a/?b&c' })).toBe(
    "npm run orrery -- export helm --out ./export --option 'paymentsUrl=https://a/?b&c'",
  );
});

test('the address of the zip carries the same', () => {
  expect(zipHref(['helm'], { registry: 'ghcr.io/acme' })).toBe(
    '/api/export/zip?target=helm&option=registry%3Dghcr.io%2Facme',
  );
});
