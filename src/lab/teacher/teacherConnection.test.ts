import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readText } from '../../formats/source';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { openProbeThread as openNodeThread } from '../../hosts/cli/probeThread';
import type { Platform } from '../platform';
import { openProbeThread as openThreadHere } from '../test/probeHere';
import { TeacherConnection } from './teacherConnection';

const FIXTURE = new URL('../../grading/onnx/fixtures/onnx/', import.meta.url);

const connection = (openProbeThread: Platform['openProbeThread'] = openThreadHere) =>
  new TeacherConnection({
    onnx: { gpu: true, open: () => Promise.reject(new Error('not before a run')) },
    openProbeThread,
  });
const grades = (text: string) => new File([text], 'grades.jsonl');

/** The recorded ONNX model with the tiny tokenizer, which `change` may change. */
async function onnxFiles(change: (tokenizer: object) => object = (tokenizer) => tokenizer): Promise<File[]> {
  const model = ['config.json', 'model.onnx', 'model.onnx_data'].map(
    async (name) => new File([await readFile(new URL(name, FIXTURE))], name),
  );
  const sources = (await asSources(tinyFolder(tinyConfig()))).filter(({ name }) => name.includes('tokenizer'));
  const tokenizer = sources.map(async (source) => {
    const [name, text] = [source.name.split('/').at(-1)!, await readText(source)];
    return new File([name === 'tokenizer.json' ? JSON.stringify(change(JSON.parse(text))) : text], name);
  });
  return Promise.all([...model, ...tokenizer]);
}

it('tries the tokenizer of an ONNX teacher in a thread that can be ended', async () => {
  const pre_tokenizer = { type: 'Split', pattern: { Regex: 'a*a*a*b' }, behavior: 'Isolated', invert: false };
  const files = await onnxFiles((tokenizer) => ({ ...tokenizer, pre_tokenizer }));
  const opened = connection(openNodeThread).open({ teacher: { kind: 'onnx', name: 'judge' }, files, key: null });
  await expect(opened).rejects.toThrow('A pattern in tokenizer.json does not finish within 3 s');
});

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

  const files = await onnxFiles();
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
