import { expect, it } from 'vitest';
import { tinyTokenizer } from '../formats/test/testModel';
import { tokenizerFiles } from '../formats/tokenizerFiles';
import { checkTemplate, encodeChat } from './chatTemplate';
import { mayNeverFinish } from './patternBounds';
import { all } from './test/testTokenizers';
import { Tokenizer } from './tokenizer';

const withTemplate = (chatTemplate: string) => Tokenizer.fromFiles({ ...tinyTokenizer(), chatTemplate });

it.each([
  ['a large range', '{% for i in range(100000000) %}x{% endfor %}', /it counts to 100000000/],
  ['a power in its loop', '{% for i in range(10**8) %}{% endfor %}', /it counts to 100000000/],
  ['a range below the largest integer', '{% for i in range(9000000) %}{% endfor %}', /range\(\) has more than/],
  [
    'nested loops',
    '{% for i in range(10000) %}{% for j in range(10000) %}{% endfor %}{% endfor %}',
    /range\(\) has more than/,
  ],
  ['many steps', `{% for i in range(99999) %}${'{{ i }}'.repeat(30)}{% endfor %}`, /does not finish within \d+ steps/],
  ['text that doubles', `{% set x = 'ab' %}${'{% set x = x ~ x %}'.repeat(40)}{{ x }}`, /makes too much text/],
  [
    'text that doubles in a loop',
    "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    /makes too much text/,
  ],
  ['lists that double', `{% set x = [1, 2] %}${'{% set x = x + x %}'.repeat(40)}{{ x }}`, /makes too much text/],
  [
    'joined text',
    "{% set x = range(99999) | join('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') %}{% for i in range(999) %}{{ x | upper }}{% endfor %}",
    /range\(\) has more than|makes too much text/,
  ],
  ['a macro that calls itself', '{% macro m(f) %}{{ f(f) }}{% endmacro %}{{ m(m) }}', /call stack|steps/],
  ['a wide indentation', '{{ [[1]] | tojson(indent=400000000) }}', /it counts to 400000000/],
])('refuses a chat template with %s within 5 s', (_, template, why) => {
  const started = performance.now();
  // It would pass otherwise: the message is there.
  expect(() => checkTemplate(withTemplate(`{{ messages[0].content }}${template}`))).toThrow(why);
  expect(performance.now() - started).toBeLessThan(5000);
});

it('bounds a template on conversations that come later', () => {
  const late = withTemplate(
    '{% for m in messages %}{{ m.content }}{% if loop.index > 1 %}{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}{% endif %}{% endfor %}',
  );
  checkTemplate(late);
  const two = [
    { role: 'user', content: 'a' },
    { role: 'user', content: 'b' },
  ] as const;
  expect(() => encodeChat(late, two, { addGenerationPrompt: true })).toThrow(/range\(\) has more than/);
});

it('renders a long conversation within its bounds', () => {
  const messages = Array.from({ length: 1001 }, (_, i) => ({
    role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: 'A sentence about knees. '.repeat(50),
  }));
  for (const tokenizer of Object.values(all))
    expect(encodeChat(tokenizer, messages, { addGenerationPrompt: true }).length).toBeGreaterThan(1001);
}, 60_000);

it('refuses a template that leaves the message out', () => {
  expect(() => checkTemplate(withTemplate('You are a doctor.'))).toThrow(/leaves out the user's message/);
  expect(() => checkTemplate(withTemplate('{{ messages[0].role }}'))).toThrow(/leaves out the user's message/);
  for (const tokenizer of Object.values(all)) checkTemplate(tokenizer);
});

it('refuses patterns whose time can grow exponentially, and takes the published ones', () => {
  for (const pattern of [
    '(a+)+$',
    '(a*)*b',
    '(?:a|aa)+$',
    '(\\s|\\w+)*!',
    '((a{1,3}))*$',
    '([a-z]+)*',
    '(x?x?)+y',
    '(a+){2,}',
    '(a|a){50}',
    'a*a*a*a*a*a*a*$',
  ])
    expect(mayNeverFinish(pattern), pattern).toBe(true);
  for (const pattern of PUBLISHED) expect(mayNeverFinish(pattern), pattern).toBe(false);
  const { tokenizer, ...files } = tinyTokenizer();
  const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });
  for (const change of [
    { pre_tokenizer: { type: 'Sequence', pretokenizers: [split('(a+)+$')] } },
    { normalizer: { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' } },
  ])
    expect(() => Tokenizer.fromFiles({ ...files, tokenizer: { ...tokenizer, ...change } })).toThrow(
      /pattern \(a\+\)\+\$ may never finish/,
    );
});

it('refuses merges that are no texts', () => {
  const { tokenizer } = tinyTokenizer();
  for (const merge of [null, ['a'], ['a', 1], 7]) {
    const model = { ...tokenizer.model, merges: [merge] };
    expect(() => tokenizerFiles({ ...tokenizer, model }, {}, null, [])).toThrow(/merge 1 is neither/);
  }
});

/** GPT-2, Llama 3, Qwen 2 and 3, GPT-4o, DeepSeek 3, and steps of others. */
const PUBLISHED = [
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
  '\\d{1,3}(?=(?:\\d{3})*\\b)',
  '[一-龥぀-ゟ゠-ヿ]+',
  '\\p{N}{1,3}',
  '▁?[^▁]+|▁',
];
