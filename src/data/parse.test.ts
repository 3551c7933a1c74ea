import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { changesOf } from './dataReportOf';
import { readLines } from './lines';
import { parseMapping } from './mapping';
import { parseFile } from './parse';
import { READING } from './reading';
import { parseRow } from './row';

const good = (id: string, change: object = {}) =>
  JSON.stringify({
    prompt_id: id,
    prompt: [{ role: 'user', content: 'My knee hurts.' }],
    rubrics: [
      { criterion: 'Asks how long', points: 5, tags: ['level:example', 'axis:completeness'] },
      { criterion: 'Recommends surgery', points: -3, tags: ['level:example', 'axis:accuracy'] },
    ],
    example_tags: ['theme:hedging'],
    canary: 'healthbench:x',
    ...change,
  });

async function* pieces(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const parse = (text: string, name = 'data.jsonl', size = 7) => parseFile(name, pieces(text, size));

describe('reading lines', () => {
  it.each([1, 2, 5, 1000])('joins chunks of %i bytes, whatever they cut', async (size) => {
    const lines = [];
    for await (const line of readLines(pieces('\ufeffé1\r\n\n  \nlast ✓', size))) lines.push(line);
    expect(lines).toEqual([
      { number: 1, text: 'é1\r' },
      { number: 4, text: 'last ✓' },
    ]);
  });

  it('reports a line over the limit without holding it, and goes on', async () => {
    const lines = [];
    for await (const line of readLines(pieces(`${'x'.repeat(50)}\nok\n`, 8), 20)) lines.push(line);
    expect(lines[0]).toMatchObject({ number: 1, reason: expect.stringContaining('over the limit') });
    expect(lines[1]).toEqual({ number: 2, text: 'ok' });
  });

  it.each([1, 7, 64])('takes a line at the limit and refuses one byte more, in chunks of %i', async (size) => {
    const lines = [];
    const text = `${'é'.repeat(10)}\n${'x'.repeat(21)}\n${'y'.repeat(20)}`; // 20, 21 and 20 bytes
    for await (const line of readLines(pieces(text, size), 20)) lines.push('text' in line ? line.text : line.number);
    expect(lines).toEqual(['é'.repeat(10), 2, 'y'.repeat(20)]);
  });

  it('reports bytes that are not UTF-8', async () => {
    async function* bytes() {
      yield Uint8Array.of(0xff, 0xfe, 0x0a, 0x61);
    }
    const lines = [];
    for await (const line of readLines(bytes())) lines.push(line);
    expect(lines).toEqual([
      { number: 1, reason: 'not UTF-8 text' },
      { number: 2, text: 'a' },
    ]);
  });
});

describe('parsing a file', () => {
  it('keeps good rows as they are', async () => {
    const { examples, problems, kind, rows } = await parse(`${good('a')}\n${good('b')}\n`);
    expect({ problems, kind, rows }).toEqual({ problems: [], kind: 'full', rows: 2 });
    expect(examples[1]).toMatchObject({ line: 2, hard: null, example: { promptId: 'b', idealCompletion: null } });
    expect(examples[0]!.example.rubrics[1]!.points).toBe(-3);
  });

  it.each([
    ['{"prompt_id": ', /^bad JSON: /],
    ['[1]', /not a JSON object/],
    [good('b', { prompt_id: undefined }), /^missing field prompt_id/],
    [good('b', { prompt: undefined }), /^missing field prompt$/],
    [good('b', { prompt: [] }), /^prompt is empty/],
    [good('b', { rubrics: [{ criterion: 'x', points: 0, tags: [] }] }), /^rubrics\[0\]\.points is 0/],
    [good('b', { rubrics: [{ criterion: 'x', points: '5', tags: [] }] }), /^rubrics\[0\]\.points: /],
    [good('b', { rubrics: [{ points: 5, tags: [] }] }), /^missing field rubrics\[0\]\.criterion/],
    [good('b', { rubrics: [{ criterion: 'x', points: -5, tags: [] }] }), /no criterion has positive points/],
    [good('a'), /^duplicate prompt_id a, first seen in line 1/],
    [good('b', { prompt: [{ role: 'doctor', content: 'x' }] }), /^unknown role "doctor" in prompt\[0\]\.role/],
    [good('b', { prompt: [{ role: 'user' }] }), /^missing field prompt\[0\]\.content/],
    [good('b', { prompt: [{ role: 'assistant', content: 'x' }] }), /last message is not from the user/],
  ])('lists %s', async (line, reason) => {
    const { problems, examples } = await parse(`${good('a')}\n\n${line}\n${good('c')}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 3, file: 'data.jsonl' });
    expect(problems[0]!.reason).toMatch(reason);
    expect(examples.map(({ example }) => example.promptId)).toEqual(['a', 'c']);
  });

  it.each([
    [1000, true],
    [1000.5, false],
    [0.5, true],
    [0, false],
  ])('points of %f: taken %s', async (points, taken) => {
    const { examples } = await parse(good('a', { rubrics: [{ criterion: 'x', points, tags: [] }] }));
    expect(examples).toHaveLength(taken ? 1 : 0);
    // The same for and against; one criterion must have positive points.
    const harm = [
      { criterion: 'y', points: 1, tags: [] },
      { criterion: 'x', points: -points, tags: [] },
    ];
    expect((await parse(good('a', { rubrics: harm }))).examples).toHaveLength(taken ? 1 : 0);
  });

  it('reads the method’s preprocessed layout', async () => {
    const rubrics = JSON.parse(good('a')).rubrics;
    const row = good('a', { rubrics: undefined, metadata: { rubrics }, is_hard: true, total_points: 5 });
    const { examples, problems } = await parse(`${row}\n`);
    expect(problems).toEqual([]);
    expect(examples[0]).toMatchObject({ hard: true, example: { rubrics } });
  });

  it('tells hard, consensus, meta-eval and other files apart', async () => {
    const cluster = [{ criterion: 'x', points: 5, tags: ['level:cluster', 'cluster:hedging_x'] }];
    const plain = [{ criterion: 'x', points: 5, tags: [] }];
    const meta = JSON.stringify({
      prompt_id: 'a',
      prompt: [{ role: 'user', content: 'x' }],
      completion: 'y',
      rubric: 'z',
      binary_labels: [true, false],
    });
    expect((await parse(good('a'), 'hard_2025.jsonl')).kind).toBe('hard');
    expect((await parse(good('a', { rubrics: cluster }))).kind).toBe('consensus');
    expect((await parse(good('a', { rubrics: plain, canary: undefined }))).kind).toBe('rubric');
    const { kind, metaEval } = await parse(meta);
    expect([kind, metaEval[0]!.labels]).toEqual(['metaEval', [true, false]]);
  });

  it('takes a file for HealthBench by its tags only where every criterion has a level', () => {
    const [levelled, plain] = [['level:example'], []].map((tags) => ({ criterion: 'x', points: 5, tags }));
    const row = (...rubrics: unknown[]) => parseRow(good('a', { rubrics, canary: undefined }));
    expect(row(levelled, levelled)).toMatchObject({ kind: 'example', healthBench: true });
    expect(row(levelled, plain)).toMatchObject({ kind: 'example', healthBench: false });
  });

  it.each([
    [
      ['p', 'q'],
      ['p', 'q'],
    ],
    [['p'], null],
    [undefined, null],
  ])('names the physicians %j of two labels as %j', (anonymized_physician_ids, physicians) => {
    const prompt = [{ role: 'user', content: 'x' }];
    const labels = { binary_labels: [true, false], anonymized_physician_ids };
    const row = parseRow(JSON.stringify({ prompt_id: 'a', prompt, completion: 'y', rubric: 'z', ...labels }));
    expect(row).toMatchObject({ kind: 'metaEval', row: { physicians } });
  });

  it('gives up early on a file that is no JSONL', async () => {
    const { problems, rows } = await parse('nonsense\n'.repeat(5000), 'x.bin', 4096);
    expect(rows).toBe(200);
    expect(problems.at(-1)!.reason).toMatch(/stopped reading/);
  });

  it('lets other work run while it reads a large file', async () => {
    const text = `${Array.from({ length: 20000 }, (_, i) => good(`id-${i}`)).join('\n')}\n`;
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { examples } = await parse(text, 'big.jsonl', 65536);
    clearInterval(timer);
    expect(examples).toHaveLength(20000);
    expect(turns).toBeGreaterThan(5); // none at all if it never gave way
  });
});

const real = '../shared/healthbench';
describe.runIf(existsSync(real))('real HealthBench rows', () => {
  const read = async (name: string) => parse(await readFile(`${real}/${name}`, 'utf8'), name, 1 << 16);

  it('accepts every row of the full and hard parts', async () => {
    const full = await read('oss_eval_part.jsonl');
    const hard = await read('hard_part.jsonl');
    expect([full.kind, full.examples.length, full.problems]).toEqual(['full', 750, []]);
    expect([hard.kind, hard.examples.length, hard.problems]).toEqual(['hard', 150, []]);
  });

  it('recognises the meta-eval part', async () => {
    const { kind, metaEval, problems } = await read('meta_eval_part.jsonl');
    expect(kind).toBe('metaEval');
    expect(metaEval.length + problems.length).toBe(55);
    expect(problems).toEqual([]);
  });
});

describe('HealthBench Professional', () => {
  const row = (change: object = {}) =>
    JSON.stringify({
      id: 'pro-1',
      conversation: {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'user', content: 'Dose?' },
        ],
      },
      rubric_items: [
        { criterion_text: ' Names the dose \n', points: 7 },
        { criterion_text: 'Guesses', points: -5 },
      ],
      use_case: 'consult',
      difficulty: 'difficult',
      specialty: null,
      physician_response: 'One gram.',
      ...change,
    });

  it('opens, with its own kind, and keeps every text as it is', async () => {
    const file = await parse(row());
    expect(file.problems).toEqual([]);
    expect(file.kind).toBe('professional');
    expect(file.examples[0]!.example).toEqual({
      promptId: 'pro-1',
      prompt: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: 'Dose?' },
      ],
      rubrics: [
        { criterion: ' Names the dose \n', points: 7, tags: [] },
        { criterion: 'Guesses', points: -5, tags: [] },
      ],
      exampleTags: ['use_case:consult', 'difficulty:difficult'],
      idealCompletion: 'One gram.',
    });
    expect((await parse(row({ conversation: [{ role: 'user', content: 'Dose?' }] }))).examples).toHaveLength(1);
  });

  it.each([
    [{ id: undefined }, /missing field id/],
    [{ rubric_items: [{ criterion_text: '  ', points: 1 }] }, /rubrics\[0\].criterion is empty/],
    [{ conversation: [{ role: 'tool', content: '' }] }, /unknown role "tool"/],
  ])('says what is wrong: %j', async (change, reason) => {
    expect((await parse(row(change))).problems[0]!.reason).toMatch(reason);
  });
});

it('keeps a criterion as the file has it', async () => {
  const rubrics = [{ criterion: '  Says\tso. \n', points: 1 }];
  expect((await parse(good('a', { rubrics }))).examples[0]!.example.rubrics[0]!.criterion).toBe('  Says\tso. \n');
});

describe('criteria with a check', () => {
  const withCheck = (check: unknown) => good('a', { rubrics: [{ criterion: 'Is short', points: 5, tags: [], check }] });

  it('keeps it beside the other criteria', async () => {
    const { examples } = await parse(withCheck({ kind: 'words', most: 60 }));
    expect(examples[0]!.example.rubrics).toEqual([
      { criterion: 'Is short', points: 5, tags: [], check: { kind: 'words', most: 60 } },
    ]);
  });

  it('says where a check cannot be read', async () => {
    const { problems } = await parse(withCheck({ kind: 'words', most: -1 }));
    expect(problems[0]!.reason).toContain('rubrics[0].check');
  });
});

describe('what reading changes', () => {
  const changes = async (text: string, mapping?: string, ...more: string[]) => {
    const files = [];
    for (const [i, each] of [text, ...more].entries())
      files.push(
        await parseFile(`${i}.jsonl`, pieces(each, 50), { mapping: mapping ? parseMapping(mapping) : undefined }),
      );
    return Object.fromEntries(changesOf(files).map(({ what, rows }) => [what, rows]));
  };

  it('is nothing for plain rows', async () => {
    expect(await changes(`${good('a')}\n${good('b')}\n`)).toEqual({});
  });

  it('is counted by row, without rows that are skipped', async () => {
    const turn = (role: string, content: string) => ({ role, content });
    const user = turn('user', 'Hello');
    const spaced = [{ criterion: ' Asks how long\n', points: 5 }];
    const rows = [
      good('a', { prompt: [turn('developer', 'Be brief.'), user], rubrics: spaced }),
      good('b', { prompt: [turn('system', 'Be brief.'), user] }),
      good('c', { prompt: [user, turn('assistant', '<think>Hm.</think>Yes.'), { ...user, name: 'Ann' }] }),
      good('d', { rubrics: undefined, metadata: { rubrics: spaced } }),
      good('d', { rubrics: spaced }), // a duplicate, skipped
      JSON.stringify({
        id: 'e',
        conversation: { messages: [user] },
        rubric_items: [{ criterion_text: 'Says so', points: 1 }],
      }),
    ];
    expect(await changes(rows.join('\n'))).toEqual({
      [READING.professional]: 1,
      [READING.metadata]: 1,
      [READING.messageFields]: 1,
      [READING.spaces]: 2,
      [READING.instructions]: 2,
      [READING.thoughts]: 1,
    });
  });

  it('is what a mapping made of other layouts', async () => {
    const rows = [
      { question: 'Hello', checks: [{ text: 'Says hello', weight: '2' }, { text: 'Is kind' }] },
      { question: [{ role: 'user', content: 'Hi' }], id: 7, checks: '["Says hello"]' },
    ];
    expect(
      await changes(
        rows.map((row) => JSON.stringify(row)).join('\n'),
        'prompt=question,rubric=checks,criterion=text,points=weight,id=id',
      ),
    ).toEqual({
      [READING.mapped]: 2,
      [READING.named]: 1,
      [READING.textPrompt]: 1,
      [READING.rubricText]: 1,
      [READING.textPoints]: 1,
      [READING.noPoints]: 2,
    });
  });

  it('is a prompt that two files have, and physicians that do not match their labels', async () => {
    const meta = {
      prompt_id: 'm',
      prompt: [{ role: 'user', content: 'x' }],
      completion: 'y',
      rubric: 'z',
      binary_labels: [true, false],
      anonymized_physician_ids: ['p1'],
    };
    const full = `${good('a')}\n${good('b')}\n`;
    expect(await changes(full, undefined, good('b'), JSON.stringify(meta))).toEqual({
      [READING.joined]: 1,
      [READING.physicians]: 1,
    });
  });
});
