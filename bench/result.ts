/** One measured figure. `budget` is the bar of the design, as text, or null where there is none. */
export type BenchResult = { name: string; value: number; unit: string; budget: string | null };

/** A benchmark: measures on a fleet or store of its own, cleans up, returns its figures. */
export type Bench = () => Promise<BenchResult[]>;
