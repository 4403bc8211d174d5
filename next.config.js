/**
 * The console. Several people may run it from one checkout at once: `ORRERY_NEXT_DIST` gives each their own build folder.
 * @type {import('next').NextConfig}
 */
const config = {
  distDir: process.env.ORRERY_NEXT_DIST ?? '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  agentRules: false,
  // Loopback: bytes are free, CPU is not, and compression would hold back SSE.
  compress: false,
  typescript: {
    // `npm run check` owns types. The own tsconfig keeps Next from rewriting ours on every start.
    ignoreBuildErrors: true,
    tsconfigPath: 'tsconfig.next.json',
  },
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  experimental: {
    // Bodies past this are not buffered for proxy.ts; app/api/_server/limit-body.ts refuses them with 413.
    proxyClientMaxBodySize: '512kb',
    optimizePackageImports: ['lucide-react', 'radix-ui'],
  },
};

export default config;
