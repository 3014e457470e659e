// What the map's scripts may use: the language, a browser's names, and what folium.js lets in.

import js from '@eslint/js';

const BROWSER = ['document', 'window', 'URL', 'URLSearchParams', 'Blob', 'setTimeout'];
const TIMERS = ['setInterval', 'clearInterval', 'requestAnimationFrame', 'cancelAnimationFrame'];
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((name) => ({
          selector: `MemberExpression[property.name='${name}']`,
          message: 'What the data say reaches the page as text: make it with make.js.',
        })),
      ],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-shadow': 'error',
      'no-use-before-define': ['error', { functions: false, variables: false }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/karta/*.js'],
    languageOptions: { globals: readonly([...BROWSER, ...TIMERS]) },
  },
  {
    files: ['**/tests/web/js/*.js'],
    languageOptions: { globals: readonly(['process', 'globalThis', 'URLSearchParams']) },
  },
];
