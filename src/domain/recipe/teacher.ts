import { z } from 'zod';
import { field } from './field';

const TEACHER = { section: 'grading', onPage: false } as const;

const CREDENTIALS =
  'The address has a user name or password in it. Remove it, and give a key as the key: on the page, or in AUTODIDACT_TEACHER_KEY.';

function hasNoCredentials(address: string): boolean {
  const url = URL.parse(address);
  return url === null || (url.username === '' && url.password === '');
}

/**
 * Another grader than the model itself. Files and keys are given apart and kept in memory only: a recipe can be shared.
 */
export const teacherSchema = field(
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('onnx'),
      name: field(z.string(), {
        ...TEACHER,
        title: 'Name of the teacher',
        help: 'Folder of the ONNX model, or file of recorded grades.',
      }),
    }),
    z.object({
      kind: z.literal('endpoint'),
      url: field(z.url().refine(hasNoCredentials, { error: CREDENTIALS }), {
        ...TEACHER,
        title: 'Address of the teacher',
        help: 'Base URL of an OpenAI-compatible chat-completions endpoint.',
      }),
      model: field(z.string().min(1), {
        ...TEACHER,
        title: 'Model of the teacher',
        help: 'Model to ask at the endpoint.',
      }),
      concurrency: field(z.number().int().min(1).max(64).default(4), {
        ...TEACHER,
        title: 'Parallel requests',
        help: 'Requests that the endpoint answers at the same time.',
      }),
      inputPrice: field(z.number().min(0).default(0), {
        ...TEACHER,
        title: 'Input price',
        help: 'Price of a million tokens read, in your currency.',
        step: 0.1,
      }),
      outputPrice: field(z.number().min(0).default(0), {
        ...TEACHER,
        title: 'Output price',
        help: 'Price of a million tokens written, in your currency.',
        step: 0.1,
      }),
    }),
    z.object({
      kind: z.literal('recorded'),
      name: field(z.string(), {
        ...TEACHER,
        title: 'Name of the teacher',
        help: 'Folder of the ONNX model, or file of recorded grades.',
      }),
    }),
  ]),
  {
    ...TEACHER,
    title: 'Teacher',
    help: 'Kind of grader that is not the model itself.',
    labels: { onnx: 'ONNX model', endpoint: 'OpenAI-compatible endpoint', recorded: 'Recorded grades' },
  },
);
export type TeacherConfig = z.infer<typeof teacherSchema>;
