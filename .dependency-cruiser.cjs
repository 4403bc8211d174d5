/** Import direction: contracts ← kit ← services, contracts ← sandbox, contracts ← components ← app (ARCHITECTURE.md). */
module.exports = {
  forbidden: [
    {
      name: 'contracts-depend-on-zod-only',
      comment: 'A contract is read by every process and by the browser, so it may pull in nothing but zod.',
      severity: 'error',
      from: { path: '^contracts/', pathNot: '(\\.test\\.ts|/render-schemas\\.ts)$' },
      to: { pathNot: '^(contracts/|node_modules/zod/)' },
    },
    {
      name: 'kit-knows-no-service',
      comment: 'The kit is what services stand on; it must not lean back on one of them.',
      severity: 'error',
      from: { path: '^services/kit/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { path: '^(services/(?!kit/)|sandbox/|components/|app/|tests/)' },
    },
    {
      name: 'services-are-islands',
      comment: 'A service reaches another one over the network only, as it would in production.',
      severity: 'error',
      from: { path: '^services/(?!kit/)([^/]+)/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { path: '^(services/(?!kit/)|sandbox/|components/|app/|tests/)', pathNot: '^services/$1/' },
    },
    {
      name: 'sandbox-knows-no-service-code',
      comment: 'The sandbox starts processes and speaks protocols; it never shares code with what it runs.',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { path: '^(services/|components/|app/|tests/)' },
    },
    {
      name: 'sandbox-parts-stand-alone',
      comment:
        'Broker, telemetry, toxics and auditor each run alone, so none imports its neighbour, only how to log; whoever audits must not share code with what is audited.',
      severity: 'error',
      from: { path: '^sandbox/(broker|telemetry|toxics|auditor)/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { path: '^sandbox/', pathNot: '^sandbox/($1/|log\\.ts$)' },
    },
    {
      name: 'console-uses-the-network',
      comment: 'The console talks HTTP and SSE like any user, so that it works the same on another backend.',
      severity: 'error',
      from: { path: '^(app|components)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(services|sandbox|tests)/' },
    },
    {
      name: 'components-never-fetch',
      comment: 'A component renders what it is given; only app/ knows where data comes from.',
      severity: 'error',
      from: { path: '^components/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^app/api/_server/' },
    },
    {
      name: 'kafkajs-stays-in-the-kit',
      comment: 'One place knows the Kafka client, because one place carries its fix.',
      severity: 'error',
      from: {
        pathNot: '^(services/kit/|app/api/_server/sources/|sandbox/cli/|tests/|bench/|.*\\.test\\.ts$|.*/testing/)',
      },
      to: { path: '(^|/)node_modules/kafkajs/' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no bottom to start reading from.',
      severity: 'error',
      from: { path: '^(app|components|contracts|services|sandbox|tests|bench)/' },
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that resolves to nothing is a crash at start.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^\\.next|\\.next/|^\\.orrery)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
