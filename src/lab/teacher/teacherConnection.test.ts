import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import type { Notice } from '../../protocol/protocol';
import { TeacherConnection } from './teacherConnection';

const FIXTURE = new URL('../../grading/onnx/fixtures/onnx/', import.meta.url);

function desk() {
  const notices: Notice[] = [];
  const onnx = { gpu: true, open: () => Promise.reject(new Error('not before a run')) };
  return { notices, desk: new TeacherConnection({ onnx }, (notice) => notices.push(notice)) };
}
const grades = (text: string) => new File([text], 'grades.jsonl');

it('takes a teacher, says what it is, and keeps the key to itself', async () => {
  const { desk: taken, notices } = desk();
  const teacher = {
    kind: 'endpoint',
    url: 'https://example.org/v1',
    model: 'm',
    concurrency: 4,
    inputPrice: 0,
    outputPrice: 0,
  } as const;
  await taken.open({ type: 'openTeacher', teacher, files: [], key: 'k-123456' });
  expect(notices).toEqual([{ type: 'teacherOpened', teacher: { config: teacher, detail: 'with a key' } }]);
  expect(taken.given).toMatchObject({ key: 'k-123456' });
  expect(JSON.stringify(notices)).not.toContain('k-123456');

  const line = '{"prompt_id": "p", "completion": "c", "criteria": [{"criterion": "helps", "criteria_met": true}]}';
  const recorded = { kind: 'recorded', name: 'grades.jsonl' } as const;
  await taken.open({ type: 'openTeacher', teacher: recorded, files: [grades(`${line}\n${line}`)], key: null });
  expect(notices.at(-1)).toMatchObject({ teacher: { detail: '2 graded answers' } });

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
  await taken.open({ type: 'openTeacher', teacher: { kind: 'onnx', name: 'judge' }, files, key: null });
  expect(notices.at(-1)).toMatchObject({ teacher: { detail: 'model.onnx, 0 MB, on WebGPU' } });
});

it('refuses what is no teacher, with the reason, and keeps the one before', async () => {
  const { desk: taken, notices } = desk();
  const recorded = { kind: 'recorded', name: 'grades.jsonl' } as const;
  const refused = async (teacher: object, files: File[]) => {
    await taken.open({ type: 'openTeacher', teacher: teacher as typeof recorded, files, key: null });
    const notice = notices.at(-1)!;
    return notice.type === 'teacherRefused' ? notice.failure.message : notice.type;
  };
  expect(await refused(recorded, [grades('{"prompt_id": "p"}')])).toMatch(/grades.jsonl line 1: completion/);
  expect(await refused(recorded, [grades('')])).toMatch(/no graded answer/);
  expect(await refused(recorded, [])).toMatch(/No file/);
  expect(await refused({ kind: 'onnx', name: 'x' }, [grades('')])).toMatch(/no .onnx file/);
  expect(await refused({ kind: 'endpoint', url: 'ftp://example.org', model: 'm' }, [])).toMatch(/use https: or http:/);
  expect(taken.given).toBeNull();
});
