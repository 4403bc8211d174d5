/** Words that carry no meaning in a product search, those that shoppers write around the thing they want included. */
const stopWords = new Set(
  (
    'a an and any are as at be beside but by can do for from get good has have i in into is it its like likes looking me my need needs no not of off on ' +
    'one or our own person please so some somebody someone something than that the their them they thing things this to two up use want wants way what when ' +
    'which while who will with without you your'
  ).split(' '),
);

/** Plurals and forms that the rule below would miss. */
const irregular: Record<string, string> = {
  children: 'child',
  mice: 'mouse',
  knives: 'knife',
  leaves: 'leaf',
  shelves: 'shelf',
  brewing: 'brew',
  brews: 'brew',
  baking: 'bake',
  coding: 'code',
  puzzling: 'puzzle',
  cycling: 'cycle',
  riding: 'ride',
  writing: 'write',
};

/** Lower-case words of a text without accents and stop words, reduced to a rough stem: `Puzzles` → `puzzle`. */
export function words(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return (plain.match(/[a-z0-9]+/g) ?? []).filter((word) => word.length > 1 && !stopWords.has(word)).map(stem);
}

/** A few English endings. Too careful is better than too keen: character n-grams bring near forms together anyway. */
export function stem(word: string): string {
  const known = irregular[word];
  if (known !== undefined) return known;
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  if (word.length > 5 && word.endsWith('ing')) return undouble(word.slice(0, -3));
  return word;
}

/** `running` → `runn` → `run`. */
function undouble(word: string): string {
  return /([bdgmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}
