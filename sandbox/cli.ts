/**
 * The command line. This file stays free of imports that an old Node cannot load, because it is what says so.
 * Usage: npm run orrery -- <command> [options]; `--help` on every command.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Orrery needs Node 24, this is ${process.version}. npm brings the right one along: use \`npm start\` or \`npm run orrery -- <command>\`.`,
  );
  process.exit(1);
}
const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2));

export {};
