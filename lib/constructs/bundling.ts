import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const local = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const noCertificates = local('no-certificates.ts');

/**
 * Returns how a function's file becomes the one file that Lambda loads, with or without the packages that verify
 * certificates. Plain data that loads no CDK.
 */
export const bundling = ({ withoutCertificates }: { readonly withoutCertificates: boolean }) =>
  ({
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Less to load at a cold start. Errors say their names themselves, so that the log can be read. Source maps would be
    // larger than the code and are read only when something failed: build the commit again for them.
    minify: true,
    // The ES modules of a package, where it has them: only they can be stripped of what is not used.
    mainFields: ['module', 'main'],
    // CommonJS packages within an ES module ask for Node's own modules by `require`.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    alias: {
      // The SDK's search for credentials in files, SSO, processes and instance metadata is a third of a bundle.
      '@aws-sdk/credential-provider-node': local('environment-credentials.ts'),
      // An import of node:http as an ES module runs all its getters and so loads WebSockets, fetch and more: 20 ms of a start.
      'node:http': local('required-http.ts'),
      ...(withoutCertificates && {
        '@peculiar/x509': noCertificates,
        '@peculiar/asn1-android': noCertificates,
        'reflect-metadata': noCertificates,
      }),
    },
    // The SDK loads it only when an operation streams events, which none of ours does.
    external: ['@smithy/core/event-streams'],
  }) as const satisfies BuildOptions;
