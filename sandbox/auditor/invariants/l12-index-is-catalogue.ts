import { firstOf, fleetInvariant } from './invariant.ts';

export type Catalogues = { skus: string[]; vectors: string[]; model: string | null };

export const l12 = fleetInvariant<Catalogues>({
  id: 'L12',
  name: 'The vector index is the catalogue',
  kind: 'liveness',
  statement: 'Every product has a vector of the model in use, and no vector is of a product that is gone.',
  deadlineMs: 60_000,
  everyMs: 20_000,
  async load({ databases }) {
    // The first where the database has pgvector (services/inference/vectors/).
    const table = (await databases.hasTable('inference', 'product_embeddings'))
      ? 'product_embeddings'
      : 'product_vectors';
    const [skus, vectors] = await Promise.all([
      databases.query<{ sku: string }>('inventory', 'select sku from stock order by sku'),
      databases.query<{ sku: string; model: string }>(
        'inference',
        `select sku, model from ${table} where model = (select model from ${table} order by updated_at desc limit 1) order by sku`,
      ),
    ]);
    return {
      skus: skus.map(({ sku }) => sku),
      vectors: vectors.map(({ sku }) => sku),
      model: vectors[0]?.model ?? null,
    };
  },
  check({ skus, vectors, model }) {
    const indexed = new Set(vectors);
    const sold = new Set(skus);
    const missing = skus.filter((sku) => !indexed.has(sku));
    const gone = vectors.filter((sku) => !sold.has(sku));
    const problems = [
      ...(missing.length > 0 ? [`without a vector: ${firstOf(missing)}`] : []),
      ...(gone.length > 0 ? [`no longer sold: ${firstOf(gone)}`] : []),
    ];
    return {
      evidence: { products: skus.length, vectors: vectors.length },
      violations:
        problems.length === 0
          ? []
          : [
              {
                subject: missing[0] ?? gone[0] ?? '',
                orderId: null,
                problem: `Model ${model ?? 'none'}: ${problems.join('; ')}.`,
              },
            ],
    };
  },
});
