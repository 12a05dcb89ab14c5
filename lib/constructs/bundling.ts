import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import type { CertificateCode } from '../../functions/lambda-functions.ts';

const local = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** The replacements of the packages that a bundle omits. */
const noCertificatePaths = {
  '@peculiar/x509': local('stubs/no-certificate-paths.ts'),
  'reflect-metadata': local('stubs/no-certificate-paths.ts'),
};
const omissions: Readonly<Record<CertificateCode | 'nothing', Readonly<Record<string, string>>>> = {
  nothing: {},
  'certificate-paths': noCertificatePaths,
  certificates: { ...noCertificatePaths, '@peculiar/asn1-android': local('stubs/no-certificates.ts') },
};

/**
 * Returns esbuild's settings for the bundle of a function. The bundle omits the packages that `omits` names. This file
 * does not import the CDK, so that tests and benchmarks need not load the CDK.
 */
export const bundling = ({ omits = 'nothing' }: { readonly omits?: CertificateCode | 'nothing' | undefined }) =>
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
      // In the same way, an import of node:process opens the standard input, which no function reads.
      'node:process': local('stubs/global-process.ts'),
      'mnemonist/lru-cache': local('stubs/no-endpoint-cache.ts'),
      // The SDK needs this package only for operations that stream events. The service uses no such operation.
      '@smithy/core/event-streams': local('stubs/no-event-streams.ts'),
      ...omissions[omits],
    },
  }) as const satisfies BuildOptions;
