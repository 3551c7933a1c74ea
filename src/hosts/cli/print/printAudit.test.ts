import { afterEach, expect, it, vi } from 'vitest';
import type { Grade } from '../../../domain/verdict';
import { auditGrader, metaEvalAnswers } from '../../../evaluation/audit';
import { auditOf } from '../../../evaluation/auditSummary';
import { printAudit } from './printAudit';

afterEach(() => vi.restoreAllMocks());

const rows = [true, false, true, false].map((label, i) => ({
  promptId: `p${i}`,
  prompt: [{ role: 'user' as const, content: '?' }],
  completion: 'a',
  criterion: 'c',
  labels: [label, label],
  physicians: null,
  category: `cluster:${i % 2}`,
}));
const answers = metaEvalAnswers(rows);

it('prints before, after, the difference and physicians in one table', () => {
  const graded = ['model, frozen', 'run-1, itself'].map((name, after) => {
    const grades = rows.map(({ labels }, i): Grade => {
      const verdict = (i === 0 && after === 0 ? !labels[0] : labels[0]) ? 'met' : 'notMet';
      return [{ verdict, explanation: '', confidence: null, failure: null }];
    });
    return { grader: auditGrader(name, answers, grades), grades };
  });
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  const known = { kind: 'metaEval', file: 'meta.jsonl', reference: 'physicians', answers, rows } as const;
  printAudit(auditOf(known, graded, '', 1));
  expect(printed).toMatch(/\[1\] model, frozen\n {2}\[2\] run-1, itself\n {2}\[3\] physicians among themselves/);
  expect(printed).toMatch(/balanced F1 +0\.733 +1\.000 +1\.000 +\+0\.267\n/);
  expect(printed).toMatch(/graded not met, wrong +2 +0 +0\n/);
  expect(printed).toMatch(/of 8 pairs 2 became correct, 0 became wrong/);
  expect(printed).toMatch(/cluster:1 +– \(4\) +– \(4\) +– \(4\) +–\n/);
});
