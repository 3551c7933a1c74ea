import { describe, expect, it } from 'vitest';
import type { Example } from '../../domain/example';
import { projectionSize } from '../../domain/model';
import { graderSchema } from '../../domain/recipe/grader';
import { samplingSchema } from '../../domain/recipe/sampling';
import { trainableSchema } from '../../domain/recipe/trainable';
import { metaEvalAnswers } from '../../evaluation/audit';
import { summarise } from '../../evaluation/evaluationSummary';
import { readPeft, writePeft } from '../../formats/peft';
import { asSources, tinyConfig, tinyFolder, tinyTokenizer } from '../../formats/test/testModel';
import { testGpu } from '../../gpu/test/testGpu';
import { chatText } from '../../text/chatText';
import { Tokenizer } from '../../text/tokenizer';
import { Engine } from '../engine';
import { openModel } from '../models/openModel';
import { openProbeThread } from '../test/probeHere';
import { graderName } from './evaluationGrader';
import type { EvaluationJob } from './evaluationJob';
import { adapterTrained, type ModelUnderTest } from './modelUnderTest';
import { runAudit } from './runAudit';
import { evaluateModel, fittingPrompts, runEvaluation } from './runEvaluation';

const config = tinyConfig();
const template = 'Grade.\n<<conversation>>\n<<rubric_item>>';
const example = (id: number, content = `question ${id}`): Example => ({
  promptId: `p${id}`,
  prompt: [{ role: 'user', content }],
  rubrics: [
    { criterion: 'says hello', points: 5, tags: ['axis:accuracy'] },
    { criterion: 'is rude', points: -2, tags: ['axis:accuracy'] },
  ],
  exampleTags: ['theme:hedging'],
  idealCompletion: null,
});
const examples = [0, 1, 2].map((id) => example(id));

const plain = async (): Promise<ModelUnderTest> => {
  const opened = await openModel(await asSources(tinyFolder(config)), { builtIn: false, openProbeThread });
  return { opened, name: 'tiny', trained: null };
};

/** The same model with an adapter that changes it much, read back from PEFT files. */
async function adapted(): Promise<ModelUnderTest> {
  const { opened } = await plain();
  const rank = 2;
  const targets = ['q_proj', 'down_proj'] as const;
  const values = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin(from + 3 * i));
  const pairs = Array.from({ length: config.layers }, (_, layer) =>
    targets.map((projection) => {
      const size = projectionSize(config, projection);
      return { layer, projection, a: values(rank * size.in, layer), b: values(size.out * rank, 7 + layer) };
    }),
  ).flat();
  const files = writePeft({ rank, alpha: 4, targets, baseModel: 'tiny', pairs }, config);
  return { opened, name: 'tiny + learned', trained: adapterTrained(await readPeft(await asSources(files), config)) };
}

const job = (subject: ModelUnderTest, change: Partial<EvaluationJob> = {}): EvaluationJob => ({
  subject,
  data: 'rows',
  grader: { kind: 'subject', config: graderSchema.parse({ mode: 'verdict', template }) },
  examples,
  answers: 2,
  sampling: samplingSchema.parse({ maxNewTokens: 6 }),
  seed: 3,
  ...change,
});
const texts = (answers: readonly { completion: string }[]) => answers.map(({ completion }) => completion);

describe('evaluating a model', () => {
  it('answers and grades each prompt, the same for the same seed, another way with what was learned', async () => {
    const engine = new Engine(testGpu);
    const phases = new Set<string>();
    const first = await runEvaluation(engine, job(await plain()), { onPhase: (phase) => phases.add(phase) });
    expect(first.answers).toHaveLength(6);
    expect(first.answers.every(({ grade, grader }) => grade.length === 2 && grader === 'tiny, itself (verdict)')).toBe(
      true,
    );
    expect([...phases]).toEqual(['rollout', 'grade']);
    const again = await runEvaluation(engine, job(await plain()));
    expect(again.answers).toEqual(first.answers);

    const learned = await runEvaluation(engine, job(await adapted()));
    expect(texts(learned.answers)).not.toEqual(texts(first.answers));
    const about = { model: 'm', grader: 'g', data: 'd', answers: 2, sampling: null, seed: 3, madeAt: '' };
    const baseline = { about: { model: 'b', grader: 'g' }, answers: first.answers };
    expect(summarise(learned.answers, about, baseline).comparison).toMatchObject({ paired: { prompts: 3 } });
  });

  it('can be graded by another model, or by somebody outside', async () => {
    const engine = new Engine(testGpu);
    const subject = await adapted();
    const other = await plain();
    const config = graderSchema.parse({ kind: 'frozen', mode: 'verdict', template });
    const byOther = job(subject, { grader: { kind: 'model', subject: other, config } });
    const frozen = job(subject, { grader: { kind: 'subject', config } });
    const [a, b] = [await runEvaluation(engine, byOther), await runEvaluation(engine, frozen)];
    // The frozen grader of an adapted model is the model without its adapter.
    expect(texts(a.answers)).toEqual(texts(b.answers));
    expect(a.answers.map(({ grade }) => grade.map(({ verdict }) => verdict))).toEqual(
      b.answers.map(({ grade }) => grade.map(({ verdict }) => verdict)),
    );
    const asked: number[] = [];
    const outside = {
      kind: 'outside' as const,
      name: 'somebody',
      grader: {
        grade: async (rollouts: readonly { example: Example }[]) => {
          asked.push(rollouts.length);
          return rollouts.map(({ example: { rubrics } }) =>
            rubrics.map(() => ({ verdict: 'met' as const, explanation: '', confidence: null, failure: null })),
          );
        },
      },
    };
    const made = await runEvaluation(engine, job(subject, { grader: outside }));
    expect(asked).toEqual([6]);
    expect(made.answers.every(({ grader, grade }) => grader === 'somebody' && grade[0]!.verdict === 'met')).toBe(true);
    expect([byOther, frozen, job(subject)].map(graderName)).toEqual([
      'tiny (verdict)',
      expect.stringMatching(/, frozen \(verdict\)$/),
      'tiny + learned, itself (verdict)',
    ]);
  });

  it('leaves out prompts that do not fit, and refuses when none does', async () => {
    const subject = await plain();
    const sampling = samplingSchema.parse({ maxNewTokens: 6 });
    const long = example(9, 'x'.repeat(400));
    expect(fittingPrompts(subject, [long, examples[0]!], sampling)).toMatchObject({
      fitting: [examples[0]],
      tooLong: [long],
    });
    expect(() => fittingPrompts(subject, [long], sampling)).toThrow('No prompt fits');
  });

  it('leaves out prompts that the chat template has no place for, and says how many', async () => {
    const { opened } = await plain();
    const onlyUsers = "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}";
    const text = chatText(Tokenizer.fromFiles({ ...tinyTokenizer(), chatTemplate: onlyUsers }));
    const subject = { ...(await plain()), opened: { ...opened, text } };
    const instructed: Example = {
      ...example(9),
      prompt: [{ role: 'system', content: 'Be brief.' }, ...example(9).prompt],
    };
    const sampling = samplingSchema.parse({ maxNewTokens: 6 });
    expect(() => fittingPrompts(subject, [instructed], sampling)).toThrow('no place for a system message');
    const made = await evaluateModel(new Engine(testGpu), job(subject, { examples: [instructed, examples[0]!] }), {
      madeAt: new Date(0),
    });
    expect(made.refused).toEqual([instructed]);
    expect(made.answers.map(({ example: { promptId } }) => promptId)).toEqual(['p0', 'p0']);
    expect(made.evaluation.about.data).toBe('rows; prompts left out: 1 with turns that its chat template refuses');
  });

  it('stops when asked', async () => {
    const abort = new AbortController();
    const onPhase = () => abort.abort();
    const stopped = runEvaluation(new Engine(testGpu), job(await plain()), { signal: abort.signal, onPhase });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('audits a grader before and after training on the same items', async () => {
  const rows = examples.map(({ promptId, prompt }, i) => ({
    promptId,
    prompt,
    completion: `hello ${i}`,
    criterion: 'says hello',
    labels: [true, i === 0],
    physicians: null,
    category: 'cluster:a',
  }));
  const audited = await runAudit(
    new Engine(testGpu),
    await adapted(),
    metaEvalAnswers(rows),
    graderSchema.parse({ mode: 'verdict', template }),
    { seed: 1 },
  );
  expect(audited.map(({ grader }) => grader.name)).toEqual([
    expect.stringMatching(/frozen/),
    'tiny + learned, itself (verdict)',
  ]);
  for (const { grader, grades } of audited) {
    expect(grades).toHaveLength(3);
    expect(grader.pooled.pairwise.pairs + 2 * grader.ungraded).toBe(6);
  }
  const confidences = audited.map(({ grades }) => grades.map(([own]) => own!.confidence));
  expect(confidences[0]).not.toEqual(confidences[1]);
});

it('takes what an adapter trains from its files', async () => {
  const { trained } = await adapted();
  expect(trainableSchema.parse(trained!.trainable)).toEqual({
    kind: 'lora',
    rank: 2,
    alpha: 4,
    targets: ['q_proj', 'down_proj'],
  });
  expect(trained!.tensors).toHaveLength(2 * 2 * config.layers);
});
