import { expect, it } from 'vitest';
import type { EvaluatedAnswer } from '../../domain/answerRecord';
import { summarise } from '../evaluationSummary';
import { evaluationReport } from './evaluationReport';

const evil = '</pre><script>alert(1)</script><img src="https://example.org/x" onerror=alert(2)>&amp;\'"';
const answer = (promptId: string, verdict: 'met' | 'notMet'): EvaluatedAnswer => ({
  example: {
    promptId,
    prompt: [{ role: 'user', content: evil }],
    rubrics: [
      { criterion: `good ${evil}`, points: 5, tags: [`axis:${evil}`] },
      { criterion: `harm ${evil}`, points: -5, tags: [] },
    ],
    exampleTags: [`theme:${evil}`],
    idealCompletion: null,
  },
  completion: evil,
  grade: [
    { verdict, explanation: evil, confidence: null, failure: null },
    { verdict: 'met', explanation: evil, confidence: null, failure: null },
  ],
  tokens: null,
  finish: null,
  grader: evil,
});
const about = {
  model: evil,
  grader: evil,
  data: evil,
  answers: 2,
  sampling: null,
  seed: 1,
  madeAt: '2026-01-01T00:00:00Z',
};
const answers = [answer('p', 'met'), answer('p', 'notMet'), answer(evil, 'met')];
const before = answers.map((own) => ({
  ...own,
  grade: own.grade.map((grade) => ({ ...grade, verdict: 'notMet' as const })),
}));
const page = evaluationReport(
  summarise(answers, about, { about: { model: evil, grader: 'other' }, answers: before }),
  answers,
);

it('keeps whatever rows and models wrote as text', () => {
  expect(page).not.toMatch(/<script|<img/i);
  const tags = new Set([...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name));
  expect([...tags].sort()).toEqual(
    [
      'body',
      'br',
      'caption',
      'circle',
      'details',
      'div',
      'h1',
      'h2',
      'h3',
      'head',
      'html',
      'line',
      'meta',
      'p',
      'path',
      'pre',
      'span',
      'strong',
      'style',
      'summary',
      'svg',
      'table',
      'tbody',
      'td',
      'text',
      'th',
      'thead',
      'title',
      'tr',
    ].sort(),
  );
  expect(page).toContain('&lt;script&gt;alert(1)');
});

it('asks nothing of any server, and forbids it', () => {
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/(src|href|url)\s*[=(]\s*["']?(https?:|\/\/)/i);
});

it('names the grader beside the numbers, and warns when the baseline had another', () => {
  expect(page.match(/Graded by/gi)!.length).toBeGreaterThanOrEqual(4);
  expect(page).toContain('the difference mixes answers and graders');
  expect(page).toContain('prefers-color-scheme:dark');
});
