import { expect, it } from 'vitest';
import type { Grade } from '../../domain/verdict';
import { auditGrader, metaEvalAnswers } from '../audit';
import { auditOf } from '../auditSummary';
import { auditReport } from './auditReport';

const evil = '</td><script>alert(1)</script><img src="https://example.org/x" onerror=alert(2)>&amp;\'"';
const rows = [true, false, true, false].map((label, i) => ({
  promptId: `p${i} ${evil}`,
  prompt: [{ role: 'user' as const, content: evil }],
  completion: evil,
  criterion: evil,
  labels: [label, i !== 2],
  physicians: ['x', evil],
  category: `cluster:${i % 2} ${evil}`,
}));
const answers = metaEvalAnswers(rows);
const graded = (['notMet', 'met'] as const).map((first) => {
  const grades = answers.map((_, i): Grade => {
    const verdict = i === 0 ? first : i === 3 ? 'ungraded' : i % 2 === 0 ? 'met' : 'notMet';
    return [{ verdict, explanation: evil, confidence: null, failure: null }];
  });
  return { grader: auditGrader(`${first} ${evil}`, answers, grades), grades };
});
const known = { kind: 'metaEval', file: evil, reference: 'physicians', answers, rows } as const;
const page = auditReport(auditOf(known, graded, '2026-01-01T00:00:00Z', 1));

it('keeps whatever rows and names say as text, and asks nothing of any server', () => {
  expect(page).not.toMatch(/<script|<img/i);
  expect(page).toContain('&lt;script&gt;alert(1)');
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/(src|href|url)\s*[=(]\s*["']?(https?:|\/\/)/i);
});

it('says how both graders did, the difference on the same criteria, and what physicians reach', () => {
  // Of the three that both graded, before: one right pair of six fewer than after.
  expect(page).toContain('Before and after training, on the same criteria');
  expect(page).toContain('On the 3 criteria that both graded');
  expect(page).toMatch(/Of 6 pairs, 2 changed to correct and 0 to wrong/);
  expect(page).toContain('physicians among themselves');
  expect(page).toContain('1 criteria are ungraded');
  expect(page).toContain('By category');
  expect(page).toContain('2 physicians: balanced F1');
});

it('leaves out what one grader without physicians cannot have', () => {
  const single = auditReport(auditOf({ ...known, reference: 'x', rows: [] }, graded.slice(0, 1), '2026', 1));
  expect(single).not.toMatch(/Before and after|among themselves|Single physicians|undefined|NaN/);
});
