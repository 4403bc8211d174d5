import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const proofViews = ['live', 'final'] as const;

/** State of the proof page in its URL: which audit is shown, and the invariant whose panel is open. */
export const proofParsers = {
  view: parseAsStringLiteral(proofViews).withDefault('live'),
  verdict: parseAsString,
};

export const loadProofParams = createLoader(proofParsers);
