import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outputOf } from '../test/cliRun';
import { dataAt } from './dataAt';

it('says what reading changed, with the number of rows', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'data-')), 'rows.jsonl');
  const row = (prompt_id: string, criterion: string) =>
    JSON.stringify({ prompt_id, prompt: [{ role: 'user', content: 'Hi' }], rubrics: [{ criterion, points: 1 }] });
  writeFileSync(path, `${row('a', ' Says hello')}\n${row('b', 'Says hello\n')}\n${row('c', 'Says hello')}\n`);
  const { err } = await outputOf(async () => {
    await dataAt([path]);
    return 0;
  });
  expect(err).toBe('note: 2 rows: criteria begin or end with spaces: kept as they are, compared without them\n');
});
