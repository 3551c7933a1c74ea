import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recipeSchema } from '../../../domain/recipe/recipe';
import { chatServer, completion } from '../../../grading/endpoint/test/testServer';
import { grade } from '../commands/grade';
import { teacherAt, withTeacher } from './teacherAt';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'teacher-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

describe('a teacher on the command line', () => {
  it('is a URL, a folder or a file', async () => {
    vi.stubEnv('AUTODIDACT_TEACHER_KEY', 'k');
    const endpoint = await teacherAt('https://example.org/v1', 'judge');
    expect(endpoint).toMatchObject({ config: { kind: 'endpoint', model: 'judge' }, key: 'k', files: [] });
    const onnx = await teacherAt(folder, undefined);
    expect(onnx.config.kind).toBe('onnx');
    await writeFile(join(folder, 'grades.jsonl'), '{}');
    const recorded = await teacherAt(join(folder, 'grades.jsonl'), undefined);
    expect(recorded).toMatchObject({
      config: { kind: 'recorded', name: 'grades.jsonl' },
      files: [{ name: 'grades.jsonl' }],
    });
  });

  it('is refused in one line', async () => {
    await expect(teacherAt('https://example.org/v1', undefined)).rejects.toThrow(/--teacher-model/);
    await expect(teacherAt('http://', 'm')).rejects.toThrow(/URL of the teacher is not valid/);
    const refusal = await teacherAt('https://me:pass@example.org/v1', 'm').catch(({ message }: Error) => message);
    expect(refusal).toMatch(/user name or password/);
    expect(refusal).not.toMatch(/me:pass|example/);
    await expect(teacherAt(join(folder, 'none'), undefined)).rejects.toThrow(/does not exist/);
    await expect(teacherAt(folder, 'm')).rejects.toThrow(/for endpoints only/);
  });

  it('is the only grader, unless the recipe gives it a share or rubrics to write', async () => {
    const given = await teacherAt('https://example.org/v1', 'judge');
    const kind = (change: object) => withTeacher(recipeSchema.parse(change), given).grader.kind;
    expect(kind({})).toBe('teacher');
    expect(kind({ grader: { kind: 'mixed' } })).toBe('mixed');
    expect(kind({ rubrics: { write: 'all', writer: 'teacher' } })).toBe('self');
    expect(withTeacher(recipeSchema.parse({}), given).grader.teacher).toEqual(given.config);
  });
});

it('grades answers without a model', async () => {
  const server = await chatServer(({ messages }) =>
    completion(`{"explanation": "e", "criteria_met": ${messages[0]!.content.includes('Rest.')}}`),
  );
  const row = (id: string) => ({
    prompt_id: id,
    prompt: [{ role: 'user', content: 'x' }],
    rubrics: [{ criterion: 'helps', points: 5, tags: [] }],
  });
  const lines = (items: object[]) => items.map((item) => JSON.stringify(item)).join('\n');
  await writeFile(join(folder, 'rows.jsonl'), lines([row('a'), row('b')]));
  const answers = [
    { prompt_id: 'a', completion: 'Rest.' },
    { prompt_id: 'b', completion: 'Run.' },
  ];
  await writeFile(join(folder, 'answers.jsonl'), lines(answers));
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const files = ['--data', join(folder, 'rows.jsonl'), '--completions', join(folder, 'answers.jsonl')];
  expect(await grade.run(['--grader', server.url, '--teacher-model', 'judge', ...files])).toBe(0);
  await server.close();
  expect(printed.map((line) => (JSON.parse(line) as { reward: number }).reward)).toEqual([1, 0]);
  await expect(grade.run(files)).rejects.toThrow(/either --model or --grader/);
});
