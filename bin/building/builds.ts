/** A build whose result is not committed. Globs and paths are relative to the root of the project. */
export interface Build {
  /** The name of the result within a sentence. */
  readonly name: string;
  readonly command: string;
  /** The file that the build writes last. */
  readonly built: string;
  /** The inputs of the build. */
  readonly sources: readonly string[];
  /** Folders into which builds and the type check write. Files in these folders are not inputs. */
  readonly made: readonly string[];
}

/** The sources of the OpenAPI document, from which both builds generate a client of the API. */
const OPENAPI = ['functions/contract/**/*.ts', 'functions/api/routes.ts', 'functions/http/openapi.ts'];

export const consoleBuild: Build = {
  name: 'the console',
  command: 'npm run build --silent',
  built: 'web/dist/index.html',
  sources: ['web/**/*.*', ...OPENAPI, 'package-lock.json'],
  made: ['web/dist', 'web/src/client'],
};

export const sdkBuild: Build = {
  name: 'the SDK',
  command: 'node sdk/build.ts',
  built: 'sdk/dist/index.js',
  sources: [
    'sdk/*.{ts,json}',
    'sdk/src/**/*.*',
    ...OPENAPI,
    'functions/http/{ceremony-refusals,problems}.ts',
    'tsconfig.json',
    'package-lock.json',
  ],
  made: ['sdk/dist', 'sdk/src/generated'],
};
