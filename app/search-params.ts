import { parseAsString } from 'nuqs/server';

/** State of the overview in its URL: the process whose panel is open. */
export const overviewParsers = { process: parseAsString };
