import { afterEach, describe, expect, it } from 'vitest';
import { graderSchema } from '../../domain/recipe/grader';
import { teacherSchema } from '../../domain/recipe/teacher';
import { testExample, testRollout } from '../../rl/test/testModel';
import type { EndpointConfig } from './chatEndpoint';
import { endpointTeacher } from './endpointTeacher';
import { chatServer, completion } from './test/testServer';
import { verdictConfidence } from './verdictLogprobs';

/** Tokens of a text with the alternatives of one of them. */
const tokensOf = (pieces: readonly string[], at: number, alternatives: Record<string, number>) =>
  pieces.map((token, i) => {
    const top = Object.entries(i === at ? alternatives : { [token]: 0.9 });
    const top_logprobs = top.map(([other, p]) => ({ token: other, logprob: Math.log(p) }));
    return { token, logprob: top_logprobs.find((own) => own.token === token)!.logprob, top_logprobs };
  });
const PIECES = ['{"explanation": "', 'criteria_met: false, no', '", "criteria_', 'met":', ' true', '}'];

describe('the confidence of a verdict', () => {
  it.each([
    ['of both words', PIECES, 4, { ' true': 0.6, ' false': 0.3, ' maybe': 0.1 }, true, 0.6 / 0.9],
    ['of several spellings', PIECES, 4, { ' true': 0.5, true: 0.1, ' false': 0.1, False: 0.1 }, true, 0.75],
    ['of one word alone', PIECES, 4, { ' true': 0.999 }, true, 1],
    [
      'of a verdict that was drawn',
      [...PIECES.slice(0, 4), ' false', '}'],
      4,
      { ' false': 0.2, ' true': 0.8 },
      false,
      0.8,
    ],
    ['with the colon in its token', ['{"criteria_met"', ': tr', 'ue}'], 1, { ': tr': 0.6, ': fa': 0.2 }, true, 0.75],
  ])('is read from the alternatives: %s', (_, pieces, at, alternatives, met, want) => {
    expect(verdictConfidence(tokensOf(pieces, at, alternatives), met)).toBeCloseTo(want, 10);
  });

  it('is none where the tokens show no such verdict', () => {
    expect(verdictConfidence(tokensOf(PIECES, 4, { ' true': 0.9 }), false)).toBeNull();
    expect(verdictConfidence([], true)).toBeNull();
    expect(
      verdictConfidence(tokensOf(['{"criteria_met": ', '"yes"}'], 0, { '{"criteria_met": ': 1 }), true),
    ).toBeNull();
  });
});

let close = async () => {};
afterEach(() => close());

async function graded(answer: Parameters<typeof chatServer>[0]) {
  const server = await chatServer(answer);
  close = server.close;
  const config = teacherSchema.parse({ kind: 'endpoint', url: server.url, model: 'judge', concurrency: 1 });
  const teacher = endpointTeacher(config as EndpointConfig, graderSchema.parse({}), null, { base: 1 });
  const [grade] = await teacher.grader.grade([testRollout(testExample('p'), 0, 'Rest.')], { seed: 1 });
  return { grade: grade!, requests: server.seen.requests, writer: teacher.writer! };
}
const withLogprobs = (logprobs: unknown) => {
  const reply = JSON.parse(completion(PIECES.join(''))) as { choices: [object] };
  return JSON.stringify({ ...reply, choices: [{ ...reply.choices[0], logprobs }] });
};

describe('an endpoint', () => {
  it('is asked for logprobs, which give the confidence', async () => {
    const content = tokensOf(PIECES, 4, { ' true': 0.6, ' false': 0.2 });
    const { grade, requests, writer } = await graded(() => withLogprobs({ content }));
    expect(requests[0]).toMatchObject({ logprobs: true, top_logprobs: 5 });
    expect(grade[0]).toMatchObject({ verdict: 'met', confidence: expect.closeTo(0.75), failure: null });
    await writer.write([testExample('p')], { criteria: 2, seed: 1 });
    expect(requests.at(-1)!.logprobs).toBeUndefined();
  });

  it.each([
    ['none', undefined],
    ['null', null],
    ['another form', { content: [{ token: 7 }] }],
    ['the form of completions', { tokens: ['a'], token_logprobs: [-1] }],
    ['no content', { content: null }],
  ])('that gives %s grades without a confidence', async (_, logprobs) => {
    const { grade, requests } = await graded(() => withLogprobs(logprobs));
    expect(grade).toMatchObject([{ verdict: 'met', confidence: null, failure: null }, { verdict: 'met' }]);
    expect(requests).toHaveLength(2);
  });

  it.each([400, 422])('that refuses them with status %i is asked without, and not again', async (status) => {
    const { grade, requests } = await graded(({ logprobs }, response) => {
      if (logprobs === undefined) return completion(PIECES.join(''));
      response.statusCode = status;
      return 'logprobs is not supported';
    });
    expect(grade).toMatchObject([{ verdict: 'met', confidence: null }, { verdict: 'met' }]);
    expect(requests.map(({ logprobs }) => logprobs)).toEqual([true, undefined, undefined]);
  });

  it('that refuses both is refused for what it says of the plain request', async () => {
    const answer = graded(({ logprobs }, response) => {
      response.statusCode = 400;
      return logprobs ? 'no logprobs' : 'no such model';
    });
    await expect(answer).rejects.toThrow(/status 400: no such model/);
  });
});
