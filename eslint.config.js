import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'cdk.out/',
      'coverage/',
      '.local/',
      '{web,sdk}/dist/',
      'web/src/client/',
      'sdk/src/generated/',
      'web/src/rps/integrate/snippets/',
      'eslint.config.js',
    ],
  },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  // The type checker reads these files too (`checkJs`), but the rules want annotations that would hide the code.
  { files: ['examples/shop/page/*.js'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['test/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name="mockClient"] > Identifier[name=/^[A-Z]/].arguments',
          message: 'Mock a client and not its class: the test files of a worker share the class.',
        },
      ],
    },
  },
  { files: ['web/src/**'], ...reactHooks.configs.flat.recommended },
);
