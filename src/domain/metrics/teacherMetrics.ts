/** Requests to a teacher and their cost. Null in runs without one. */
export const TEACHER_METRICS = {
  'teacher/share': {
    title: 'Graded by the teacher',
    unit: '%',
    help: 'Share of answers that the teacher graded; the policy graded the others.',
  },
  'teacher/requests': {
    title: 'Teacher requests',
    unit: '',
    help: 'Requests to the teacher’s address in this step, retries included. 0 for a local teacher.',
  },
  'teacher/tokens': {
    title: 'Teacher tokens',
    unit: 'tokens',
    help: 'Input and output tokens of the teacher in this step.',
  },
  'teacher/cost': {
    title: 'Teacher cost',
    unit: '',
    help: 'Tokens times the recipe’s prices, in their currency. The provider’s bill may differ.',
  },
  'teacher/retries': {
    title: 'Teacher retries',
    unit: '',
    help: 'Requests sent again because the teacher was busy, slow or failed.',
  },
} as const;

export type TeacherMetrics = { readonly [K in keyof typeof TEACHER_METRICS]: number | null };

export const NO_TEACHER = Object.fromEntries(Object.keys(TEACHER_METRICS).map((key) => [key, null])) as TeacherMetrics;
