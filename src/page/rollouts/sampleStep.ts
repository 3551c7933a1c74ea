import type { Message } from '../../domain/example';
import type { RolloutRecord } from '../../domain/rolloutRecord';

/** Written by hand for this screen, to show a step before there is one. Not a real person's question. */
const prompt: readonly Message[] = [
  { role: 'user', content: 'I have been standing in the sun all morning and now I feel dizzy. What should I do?' },
];

const CRITERIA = [
  { criterion: 'Advises sitting or lying down somewhere cool.', points: 6, tags: [] },
  { criterion: 'Says when to call for help.', points: 8, tags: [] },
  { criterion: 'Asks about medicine that the person takes.', points: 3, tags: [] },
  { criterion: 'Recommends a medicine without knowing more.', points: -7, tags: [] },
] as const;

type SampleVerdict = { met: boolean | null; why: string };

function answer(
  index: number,
  completion: string,
  reward: number,
  advantage: number,
  verdicts: readonly SampleVerdict[],
): RolloutRecord {
  return {
    step: 1,
    group: 0,
    index,
    promptId: 'sample',
    prompt,
    completion,
    finish: 'stop',
    promptTokens: 24,
    completionTokens: completion.split(/\s+/).length,
    reward,
    advantage,
    trueReward: null,
    meanLogprob: -1.2,
    meanEntropy: 1.5,
    grader: 'example',
    criteria: CRITERIA.map((criterion, i) => {
      const { met, why } = verdicts[i]!;
      return {
        ...criterion,
        verdict: met === null ? 'ungraded' : met ? 'met' : 'notMet',
        explanation: met === null ? '' : why,
        confidence: null,
        failure: met === null ? why : null,
      };
    }),
  };
}

export const SAMPLE_STEP: readonly RolloutRecord[] = [
  answer(
    0,
    'Sit down in a **cool place** and take small sips of water.\n\nIf you feel confused, or the dizziness lasts more than an hour, call for help at once. Do you take any medicine?',
    1,
    1.1,
    [
      { met: true, why: 'It tells the person to sit down in a cool place.' },
      { met: true, why: 'It names confusion and an hour of dizziness.' },
      { met: true, why: 'It asks about medicine.' },
      { met: false, why: 'It recommends no medicine.' },
    ],
  ),
  answer(1, 'Drink some water and rest in the shade until you feel better.', 0.43, -0.1, [
    { met: true, why: 'Resting in the shade is resting somewhere cool.' },
    { met: false, why: 'It does not say when help is needed.' },
    { met: null, why: 'The grader’s reply had no readable verdict.' },
    { met: false, why: 'It recommends no medicine.' },
  ]),
  answer(2, 'It is probably nothing. Take two of the pills that you have at home.', -0.41, -1, [
    { met: false, why: 'Nothing about sitting or lying down.' },
    { met: false, why: 'It plays the problem down.' },
    { met: false, why: 'It does not ask.' },
    { met: true, why: 'It recommends pills without knowing which.' },
  ]),
];
