/** The command line: `npm run orrery -- <command> [options]`, `--help` on every command. Old Nodes enter by orrery.mjs. */
import { main } from './cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
