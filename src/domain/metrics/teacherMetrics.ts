/** What a teacher was asked and what it cost. Null in runs without one. */
export const TEACHER_METRICS = {
  'teacher/share': {
    title: 'Graded by the teacher',
    unit: '%',
    help: 'Share of answers that the teacher graded; the policy graded the others.',
  },
  'teacher/requests': {
    title: 'Requests to the teacher',
    unit: '',
    help: 'What was sent to the teacher’s address in this step, those sent again included. 0 for a teacher that is here.',
  },
  'teacher/tokens': {
    title: 'Teacher’s tokens',
    unit: 'tokens',
    help: 'Tokens that the teacher read and wrote in this step.',
  },
  'teacher/cost': {
    title: 'Teacher’s cost',
    unit: '',
    help: 'Tokens times the prices of the recipe, in their currency. What the provider charges may differ.',
  },
  'teacher/retries': {
    title: 'Sent again',
    unit: '',
    help: 'Requests to the teacher that were sent again, because it was busy, slow or in error.',
  },
} as const;

export type TeacherMetrics = { readonly [K in keyof typeof TEACHER_METRICS]: number | null };

export const NO_TEACHER = Object.fromEntries(Object.keys(TEACHER_METRICS).map((key) => [key, null])) as TeacherMetrics;
