import { expect, it } from 'vitest';
import type { Notice } from '../../protocol/notices';
import { criterionExamples } from '../../rl/test/testGraderModel';
import { characterText } from '../../rl/test/testModel';
import { LiveStepFeed } from './liveStepFeed';

const codes = (text: string): number[] => [...characterText.encode(text)];

function feed() {
  const notices: Notice[] = [];
  const clock = { ms: 0 };
  const live = new LiveStepFeed(
    'r',
    characterText,
    (notice) => notices.push(notice),
    () => clock.ms,
  );
  const answers = () => notices.filter((notice) => notice.type === 'liveAnswers');
  return { live, notices, answers, clock };
}

const met = { verdict: 'met', explanation: 'it says so', confidence: 1, failure: null } as const;

it('tells the prompts at once, then what has changed, four times a second', () => {
  const { live, notices, answers, clock } = feed();
  live.onPrompts(3, criterionExamples(2), 2);
  expect(notices).toEqual([
    {
      type: 'liveStep',
      runId: 'r',
      step: 3,
      groupSize: 2,
      prompts: [0, 1].map((i) => ({ promptId: `p${i}`, prompt: `question ${i}`, points: [5, 3, -4] })),
    },
  ]);
  live.onTokens(0, codes('Call'));
  expect(answers()[0]!.answers).toEqual([{ answer: 0, tokens: 4, text: 'Call' }]);

  clock.ms = 100;
  live.onTokens(0, codes(' now'));
  live.onTokens(3, codes('Wait'));
  expect(answers()).toHaveLength(1);
  clock.ms = 260;
  live.onTokens(3, codes('.'));
  expect(answers()[1]!.answers).toEqual([
    { answer: 0, tokens: 8, text: 'Call now' },
    { answer: 3, tokens: 5, text: 'Wait.' },
  ]);

  live.onReasoning(1, 2, codes('it '));
  live.onReasoning(1, 2, codes('says'));
  live.onGrade(3, 0, met);
  live.flush();
  const last = answers()[2]!;
  expect(last.answers).toEqual([]);
  expect(last.reasons).toEqual([{ answer: 1, criterion: 2, text: 'it says' }]);
  expect(last.grades).toEqual([{ answer: 3, criterion: 0, verdict: 'met', reason: 'it says so' }]);

  live.flush();
  expect(answers()).toHaveLength(3);
});

it('sends the end of a long text, and the verdict instead of the reason that led to it', () => {
  const { live, answers } = feed();
  live.onPrompts(1, criterionExamples(1), 1);
  live.onTokens(0, codes(`${'a'.repeat(2000)}z`));
  const { tokens, text } = answers()[0]!.answers[0]!;
  expect([tokens, text.length, text.at(0), text.at(-1)]).toEqual([2001, 161, '…', 'z']);

  live.onReasoning(0, 1, codes('hm'));
  live.onGrade(0, 1, { ...met, verdict: 'ungraded', explanation: '', failure: 'no criteria_met' });
  live.flush();
  expect(answers().at(-1)).toMatchObject({
    reasons: [],
    grades: [{ answer: 0, criterion: 1, verdict: 'ungraded', reason: 'no criteria_met' }],
  });
});

it('begins anew with the next prompts', () => {
  const { live, answers } = feed();
  live.onPrompts(1, criterionExamples(1), 1);
  live.onTokens(0, codes('old'));
  live.onTokens(0, codes('er'));
  live.onPrompts(2, criterionExamples(1), 1);
  live.flush();
  expect(answers()).toHaveLength(1);
  live.onTokens(0, codes('new'));
  live.flush();
  expect(answers().at(-1)!.answers).toEqual([{ answer: 0, tokens: 3, text: 'new' }]);
});
