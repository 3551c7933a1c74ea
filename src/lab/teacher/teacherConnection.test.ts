import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { TeacherConnection } from './teacherConnection';

const FIXTURE = new URL('../../grading/onnx/fixtures/onnx/', import.meta.url);

const connection = () =>
  new TeacherConnection({ onnx: { gpu: true, open: () => Promise.reject(new Error('not before a run')) } });
const grades = (text: string) => new File([text], 'grades.jsonl');

it('takes a teacher, says what it is, and keeps the key to itself', async () => {
  const taken = connection();
  const teacher = {
    kind: 'endpoint',
    url: 'https://example.org/v1',
    model: 'm',
    concurrency: 4,
    inputPrice: 0,
    outputPrice: 0,
  } as const;
  const report = await taken.open({ teacher, files: [], key: 'k-123456' });
  expect(report).toEqual({ config: teacher, detail: 'with a key' });
  expect(taken.given).toMatchObject({ key: 'k-123456' });
  expect(JSON.stringify(report)).not.toContain('k-123456');

  const line = '{"prompt_id": "p", "completion": "c", "criteria": [{"criterion": "helps", "criteria_met": true}]}';
  const recorded = { kind: 'recorded', name: 'grades.jsonl' } as const;
  const two = await taken.open({ teacher: recorded, files: [grades(`${line}\n${line}`)], key: null });
  expect(two.detail).toBe('2 graded answers');

  const read = async (name: string) => new File([await readFile(new URL(name, FIXTURE))], name);
  const tokenizer = (await asSources(tinyFolder(tinyConfig()))).filter(({ name }) => name.includes('tokenizer'));
  const files = [
    ...(await Promise.all(['config.json', 'model.onnx', 'model.onnx_data'].map(read))),
    ...(await Promise.all(
      tokenizer.map(
        async (file) => new File([(await file.read(0, file.size)) as BlobPart], file.name.split('/').at(-1)!),
      ),
    )),
  ];
  const onnx = await taken.open({ teacher: { kind: 'onnx', name: 'judge' }, files, key: null });
  expect(onnx.detail).toBe('model.onnx, 0 MB, on WebGPU');
});

it('refuses what is no teacher, with the reason, and keeps the one before', async () => {
  const taken = connection();
  const recorded = { kind: 'recorded', name: 'grades.jsonl' } as const;
  const refused = (teacher: object, files: File[]) =>
    taken.open({ teacher: teacher as typeof recorded, files, key: null }).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  expect(await refused(recorded, [grades('{"prompt_id": "p"}')])).toMatch(/grades.jsonl line 1: completion/);
  expect(await refused(recorded, [grades('')])).toMatch(/no graded answer/);
  expect(await refused(recorded, [])).toMatch(/teacher has no file/);
  expect(await refused({ kind: 'onnx', name: 'x' }, [grades('')])).toMatch(/no .onnx file/);
  expect(await refused({ kind: 'endpoint', url: 'ftp://example.org', model: 'm' }, [])).toMatch(/use https: or http:/);
  expect(taken.given).toBeNull();
});
