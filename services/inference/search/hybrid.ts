/** Half the score at which a BM25 sum counts as certain; it only bends the scale into 0–1. */
const keywordHalf = 4;
/** Without a shared word, a vector must be at least this near: random texts reach about 0.1. */
export const nearEnough = 0.22;

export type Ranked = { key: string; score: number };

/**
 * Merges nearness of vectors with keyword scores: the mean of the cosine and of the saturated BM25 score, both 0–1.
 * Without vectors (model down) the keyword score alone decides. What is near in neither way is left out.
 */
export function rankHybrid(
  cosines: ReadonlyMap<string, number> | null,
  keywords: ReadonlyMap<string, number>,
): Ranked[] {
  const keys = new Set([...keywords.keys(), ...(cosines?.keys() ?? [])]);
  const ranked = [...keys].flatMap((key): Ranked[] => {
    const keyword = keywords.get(key) ?? 0;
    const cosine = Math.max(0, cosines?.get(key) ?? 0);
    if (keyword === 0 && cosine < nearEnough) return [];
    const saturated = keyword / (keyword + keywordHalf);
    return [{ key, score: cosines === null ? saturated : (saturated + cosine) / 2 }];
  });
  return byScore(ranked);
}

/** Best first; equal scores in key order, so that the same question always gets the same answer. */
export function byScore(ranked: Ranked[]): Ranked[] {
  return ranked.sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
}
