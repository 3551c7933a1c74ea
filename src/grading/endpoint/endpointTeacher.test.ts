import { afterEach, describe, expect, it, vi } from 'vitest';
import { graderSchema } from '../../domain/recipe/grader';
import { teacherSchema } from '../../domain/recipe/teacher';
import { testExample, testRollout } from '../../rl/test/testModel';
import { NO_USAGE } from '../teacher';
import type { EndpointConfig } from './chatEndpoint';
import { endpointTeacher } from './endpointTeacher';
import { chatServer, completion } from './test/testServer';

const KEY = 'sk-secret-0123456789abcdef';
const met = (value: boolean) => `{"explanation": "because", "criteria_met": ${value}}`;
const rollouts = [
  testRollout(testExample('p'), 0, 'Call now.'),
  testRollout(testExample('p'), 0, 'Wait.'),
  testRollout(testExample('q'), 1, 'Rest.'),
];

let servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function open(
  answer: Parameters<typeof chatServer>[0],
  change: object = {},
  grader: object = {},
  timeout = 20_000,
) {
  const server = await chatServer(answer);
  servers.push(server);
  const config = teacherSchema.parse({
    kind: 'endpoint',
    url: server.url,
    model: 'judge',
    ...change,
  }) as EndpointConfig;
  const teacher = endpointTeacher(config, graderSchema.parse(grader), KEY, { base: 1, timeout });
  return { teacher, seen: server.seen, url: server.url };
}

describe('an endpoint that answers', () => {
  it('grades every criterion, in order, and is asked as the recipe says', async () => {
    const { teacher, seen } = await open(
      ({ messages }) => completion(met(messages[0]!.content.includes('criterion 0'))),
      {},
      { template: '<<conversation>>?<<rubric_item>>', sampling: { temperature: 0.7, maxNewTokens: 99 } },
    );
    const done: number[] = [];
    const grades = await teacher.grader.grade(rollouts, { seed: 1 }, { onProgress: (n) => done.push(n) });
    expect(grades.map((grade) => grade.map(({ verdict }) => verdict))).toEqual(new Array(3).fill(['met', 'notMet']));
    expect(grades[0]![0]).toMatchObject({ explanation: 'because', confidence: null, failure: null });
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(seen.paths)).toEqual(new Set(['/v1/chat/completions']));
    expect(seen.headers[0]!.authorization).toBe(`Bearer ${KEY}`);
    expect(seen.requests[0]).toMatchObject({ model: 'judge', temperature: 0.7, max_tokens: 99 });
    expect(seen.requests.map(({ messages }) => messages[0]!.content)).toContain(
      'user: question q\n\nassistant: Rest.?criterion 1',
    );
    expect(new Set(seen.requests.map(({ seed }) => seed)).size).toBe(6);
  });

  it('is asked so many questions at a time, and no more', async () => {
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return completion(met(true));
    };
    const { teacher, seen } = await open(slow, { concurrency: 3 });
    await teacher.grader.grade([...rollouts, ...rollouts], { seed: 1 });
    expect(seen.most).toBe(3);
  });

  it('counts tokens and what they cost, since last asked', async () => {
    const { teacher } = await open(() => completion(met(true)), { inputPrice: 2, outputPrice: 10 });
    await teacher.grader.grade(rollouts, { seed: 1 });
    const usage = teacher.takeUsage();
    expect(usage).toMatchObject({ requests: 6, tokens: 660, retries: 0 });
    expect(usage.cost).toBeCloseTo((6 * (100 * 2 + 10 * 10)) / 1e6, 12);
    expect(teacher.takeUsage()).toEqual(NO_USAGE);
  });

  it('is asked again for a reply that cannot be read, with another draw', async () => {
    const { teacher, seen } = await open((_, __, call) => completion(call < 3 ? 'Well, yes.' : met(true)), {
      concurrency: 1,
    });
    const [grade] = await teacher.grader.grade([testRollout(testExample('p', [5]), 0, 'Rest.')], { seed: 1 });
    expect(grade![0]!.verdict).toBe('met');
    expect(new Set(seen.requests.map(({ seed }) => seed)).size).toBe(3);
  });

  it('leaves ungraded what stays unreadable, and says whether it was cut off', async () => {
    const { teacher } = await open(() => completion('{"explanation": "so', undefined, 'length'), {}, { tries: 2 });
    const [grade] = await teacher.grader.grade([rollouts[0]!], { seed: 1 });
    expect(grade![0]).toMatchObject({
      verdict: 'ungraded',
      failure: expect.stringMatching(/cut off at the token limit/),
    });
  });

  it('writes rubrics', async () => {
    const rubric = JSON.stringify({
      rubric: [
        { criterion: 'Advises rest', points: 5 },
        { criterion: 'Advises wine', points: -4 },
      ],
    });
    const { teacher, seen } = await open(({ messages }) =>
      completion(messages[0]!.content.includes('question p') ? rubric : 'no'),
    );
    const written = await teacher.writer!.write([testExample('p'), testExample('q')], { criteria: 4, seed: 1 });
    expect(written[0]).toMatchObject({ rubric: [{ points: 5 }, { points: -4 }] });
    expect(written[1]).toEqual({ failure: expect.stringMatching(/no list/) });
    expect(seen.requests[0]!.max_tokens).toBeGreaterThan(300);
  });
});

describe('an endpoint that errs', () => {
  const one = [testRollout(testExample('p', [5]), 0, 'Rest.')];
  const gradeOne = async (answer: Parameters<typeof chatServer>[0], timeout?: number) => {
    const opened = await open(answer, { concurrency: 1 }, {}, timeout);
    const [grade] = await opened.teacher.grader.grade(one, { seed: 1 });
    return { ...opened, grade: grade![0]! };
  };

  it('is waited for as long as Retry-After says', async () => {
    const times: number[] = [];
    const { grade, teacher } = await gradeOne((_, response, call) => {
      times.push(Date.now());
      if (call > 1) return completion(met(true));
      response.writeHead(429, { 'retry-after': '0.4' });
      return 'slow down';
    });
    expect(grade.verdict).toBe('met');
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(390);
    expect(teacher.takeUsage()).toMatchObject({ requests: 2, retries: 1 });
  });

  it('is not waited for longer than two minutes', async () => {
    const { grade, seen } = await gradeOne((_, response) => {
      response.writeHead(429, { 'retry-after': '3600' });
      return '';
    });
    expect(grade).toMatchObject({ verdict: 'ungraded', failure: expect.stringMatching(/wait 3600 s/) });
    expect(seen.requests).toHaveLength(1);
  });

  it.each([
    [
      'status 500',
      (response: { statusCode: number }) => {
        response.statusCode = 500;
        return 'oops';
      },
      /status 500, 5 times/,
    ],
    ['malformed JSON', () => '{"choices": [', /not JSON, 5 times/],
    ['another schema', () => '{"choices": [{"text": "true"}]}', /no chat completion \(choices\.0\.message/],
    ['no choices', () => '{"choices": []}', /no chat completion \(choices/],
    [
      'silence',
      () => new Promise<null>((resolve) => setTimeout(() => resolve(null), 350)),
      /did not answer within 0\.3 s, 5 times/,
    ],
  ] as const)('with %s leaves the criterion ungraded, never not met', async (name, answer, reason) => {
    const { grade, seen } = await gradeOne((_, response) => answer(response), name === 'silence' ? 300 : undefined);
    expect(grade).toMatchObject({ verdict: 'ungraded', failure: expect.stringMatching(reason) });
    expect(seen.requests).toHaveLength(5);
  });

  it('now and then costs retries and no grade', async () => {
    const { teacher } = await open((_, response, call) => {
      if (call % 3 !== 0) return completion(met(true));
      response.statusCode = 503;
      return '';
    });
    const grades = await teacher.grader.grade([...rollouts, ...rollouts], { seed: 1 });
    expect(grades.flat().every(({ verdict }) => verdict === 'met')).toBe(true);
    expect(teacher.takeUsage().retries).toBeGreaterThan(2);
  });

  it('is left alone when it refuses the key, and what it says does not give the key away', async () => {
    const { teacher, seen } = await open(
      (_, response) => {
        response.statusCode = 401;
        return `{"error": "Incorrect API key provided: ${KEY}, that is sk-s****cdef"}`;
      },
      { concurrency: 1 },
    );
    const error = await teacher.grader.grade(rollouts, { seed: 1 }).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      name: 'EndpointRefused',
      message: expect.stringMatching(/status 401: .*\[key\], that is \[key\]/),
    });
    expect(String((error as Error).stack)).not.toContain('secret');
    expect(seen.requests).toHaveLength(1);
  });

  it('leaves ungraded what it refuses later on', async () => {
    const { teacher } = await open(
      (_, response, call) => {
        if (call === 1) return completion(met(true));
        response.statusCode = 400;
        return 'too long';
      },
      { concurrency: 1 },
    );
    const [first] = await teacher.grader.grade([rollouts[0]!], { seed: 1 });
    expect(first).toMatchObject([
      { verdict: 'met' },
      { verdict: 'ungraded', failure: 'the teacher answered with status 400: too long' },
    ]);
  });

  it('that repeats the address, its query and the key gives nothing of them away', async () => {
    const said = (url: string) => {
      const { hostname, port } = new URL(url);
      return `no ${url}/hospital-7/chat/completions?api-key=q-9876543 at ${hostname} ${port} /v1/hospital-7 (api-key%3Dq-9876543), key ends in cdef, sk-se...`;
    };
    let base = '';
    const { url } = await open((_, response, call) => {
      if (call === 1) return completion(`{"explanation": "${KEY} at ${base}", "criteria_met": true}`);
      response.statusCode = 400;
      return said(base);
    });
    base = url;
    const config = { url: `${url}/hospital-7?api-key=q-9876543`, kind: 'endpoint', model: 'judge', concurrency: 1 };
    const asked = endpointTeacher(teacherSchema.parse(config) as EndpointConfig, graderSchema.parse({}), KEY, {
      base: 1,
    });
    const text = JSON.stringify(await asked.grader.grade(rollouts, { seed: 1 }));
    expect(text).toMatch(/status 400: no http:\/\/\[address\]/);
    for (const secret of [KEY, 'cdef', 'sk-se', 'hospital', '9876', '127.0.0.1', new URL(url).port])
      expect(text, secret).not.toContain(secret);
  });

  it('that cannot be found does not name its host', async () => {
    const url = 'http://judge.hospital.invalid/v1';
    const config = teacherSchema.parse({ kind: 'endpoint', url, model: 'm' }) as EndpointConfig;
    const [grade] = await endpointTeacher(config, graderSchema.parse({}), KEY, { base: 1 }).grader.grade(one, {
      seed: 1,
    });
    expect(grade![0]!.failure).toMatch(/could not be reached/);
    expect(grade![0]!.failure).not.toMatch(/hospital/);
  });

  it('that never stops writing is cut off at 4 MB', async () => {
    let written = 0;
    let stopped = 0;
    const { grade } = await gradeOne((_, response) => {
      const chunk = 'x'.repeat(2 ** 16);
      const write = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', write);
      response.on('close', () => stopped++);
      write();
      return null;
    });
    expect(grade.failure).toMatch(/larger than 4 MB/);
    await vi.waitFor(() => expect(stopped).toBe(5));
    expect(written).toBeLessThan(5 * 16e6);
  }, 20_000);

  it('cannot be reached', async () => {
    const config = teacherSchema.parse({ kind: 'endpoint', url: 'http://127.0.0.1:9', model: 'm' }) as EndpointConfig;
    const teacher = endpointTeacher(config, graderSchema.parse({}), KEY, { base: 1 });
    const [grade] = await teacher.grader.grade(one, { seed: 1 });
    expect(grade![0]).toMatchObject({ verdict: 'ungraded', failure: expect.stringMatching(/could not be reached/) });
  });

  it('does not send the key on to where it is redirected', async () => {
    const other = await open(() => completion(met(true)));
    const { grade } = await gradeOne((_, response) => {
      response.writeHead(307, { location: `${other.url}/chat/completions` });
      return '';
    });
    expect(grade.verdict).toBe('ungraded');
    expect(other.seen.requests).toEqual([]);
  });
});

it('stops on abort, while it waits too', async () => {
  const stop = new AbortController();
  const { teacher, seen } = await open(
    (_, response) => {
      setTimeout(() => stop.abort(), 20);
      response.writeHead(429, { 'retry-after': '60' });
      return '';
    },
    { concurrency: 2 },
  );
  const started = Date.now();
  await expect(teacher.grader.grade(rollouts, { seed: 1 }, { signal: stop.signal })).rejects.toThrow(/abort/i);
  expect(Date.now() - started).toBeLessThan(5000);
  expect(seen.requests.length).toBeLessThanOrEqual(2);
});

it('keeps the key out of everything that can be written down', () => {
  const config = teacherSchema.parse({ kind: 'endpoint', url: 'https://example.org/v1', model: 'm' }) as EndpointConfig;
  const teacher = endpointTeacher(config, graderSchema.parse({}), KEY);
  expect(JSON.stringify(teacher)).not.toContain(KEY);
  expect(JSON.stringify(config)).not.toContain(KEY);
});

it('takes http and https only', () => {
  const config = teacherSchema.parse({ kind: 'endpoint', url: 'file:///etc/passwd', model: 'm' }) as EndpointConfig;
  expect(() => endpointTeacher(config, graderSchema.parse({}), null)).toThrow(/use https: or http:/);
});
