import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const local = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const noCertificates = local('stubs/no-certificates.ts');

/**
 * Returns esbuild's settings for the bundle of a function. If `withoutCertificates` is true, the bundle omits the
 * packages that verify certificates. This file does not import the CDK, so that tests and benchmarks need not load the
 * CDK.
 */
export const bundling = ({ withoutCertificates }: { readonly withoutCertificates: boolean }) =>
  ({
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // A cold start loads minified code faster. Minifying does not change the names of errors in the log, because error
    // classes state their names as strings. Source maps would be larger than the code. To read a stack trace after a
    // failure, the developer builds the same commit with source maps.
    minify: true,
    // The bundles are not given to anybody, so they need not contain the licenses of the packages. The packages do.
    legalComments: 'none',
    // Prefers the ES modules of a package, because esbuild can remove unused code only from ES modules.
    mainFields: ['module', 'main'],
    // CommonJS packages load Node's own modules with `require`, which an ES module lacks.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    alias: {
      // By default, the AWS SDK searches for credentials in files, SSO, processes and instance metadata. The code for
      // this search would make up a third of a bundle.
      '@aws-sdk/credential-provider-node': local('stubs/environment-credentials.ts'),
      // An import of node:http as an ES module runs all getters of node:http, which load WebSockets, fetch and more.
      // The getters take 20 ms of a cold start.
      'node:http': local('stubs/required-http.ts'),
      'mnemonist/lru-cache': local('stubs/no-endpoint-cache.ts'),
      ...(withoutCertificates && {
        '@peculiar/x509': noCertificates,
        '@peculiar/asn1-android': noCertificates,
        'reflect-metadata': noCertificates,
      }),
    },
    // The SDK needs this package only for operations that stream events. The service uses no such operation.
    external: ['@smithy/core/event-streams'],
  }) as const satisfies BuildOptions;
