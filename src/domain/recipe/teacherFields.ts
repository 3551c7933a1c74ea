import type { RecipeField } from './field';
import type { Recipe } from './recipe';

const mixed = (config: Recipe): boolean => config.grader.kind === 'mixed';
const written = (config: Recipe): boolean => config.rubrics.write !== 'never';

/** What a teacher grades, and who writes rubrics. */
export const TEACHER_FIELDS: readonly RecipeField[] = [
  {
    kind: 'number',
    id: 'grader.mixed.share',
    place: 'grading',
    title: 'Share graded by the teacher',
    unit: '',
    min: 0,
    max: 1,
    step: 0.05,
    whole: false,
    help: 'From 0 to 1. The model grades the rest itself.',
    shown: mixed,
    get: ({ grader }) => grader.mixed.share,
    set: (config, share) => ({ ...config, grader: { ...config.grader, mixed: { ...config.grader.mixed, share } } }),
  },
  {
    kind: 'choice',
    id: 'grader.mixed.by',
    place: 'grading',
    title: 'A share of',
    options: [
      { value: 'prompt', label: 'Each step’s prompts' },
      { value: 'step', label: 'The steps' },
    ],
    help: 'All answers of a prompt have one grader, since they are compared with each other.',
    shown: mixed,
    get: ({ grader }) => grader.mixed.by,
    set: (config, value) => {
      const by = value === 'step' ? 'step' : 'prompt';
      return { ...config, grader: { ...config.grader, mixed: { ...config.grader.mixed, by } } };
    },
  },
  {
    kind: 'choice',
    id: 'rubrics.write',
    place: 'grading',
    title: 'Rubrics written by a model',
    options: [
      { value: 'never', label: 'None' },
      { value: 'missing', label: 'Where there is none' },
      { value: 'all', label: 'For all prompts' },
    ],
    help: 'Before the first step, for the prompts that the run will answer. For all: the data’s own rubrics are put aside, as in the paper’s ablation. Prompts whose rubric cannot be written are left out.',
    get: ({ rubrics }) => rubrics.write,
    set: (config, value) => {
      const write = value === 'missing' || value === 'all' ? value : 'never';
      return { ...config, rubrics: { ...config.rubrics, write } };
    },
  },
  {
    kind: 'choice',
    id: 'rubrics.writer',
    place: 'grading',
    title: 'Written by',
    options: [
      { value: 'policy', label: 'The model itself' },
      { value: 'teacher', label: 'The teacher' },
    ],
    help: 'A small model writes poor rubrics.',
    shown: written,
    get: ({ rubrics }) => rubrics.writer,
    set: (config, value) => {
      const writer = value === 'teacher' ? 'teacher' : 'policy';
      return { ...config, rubrics: { ...config.rubrics, writer } };
    },
  },
  {
    kind: 'number',
    id: 'rubrics.criteria',
    place: 'grading',
    title: 'Criteria of a rubric',
    unit: '',
    min: 2,
    max: 20,
    step: 1,
    whole: true,
    help: 'How many are asked for.',
    shown: written,
    get: ({ rubrics }) => rubrics.criteria,
    set: (config, criteria) => ({ ...config, rubrics: { ...config.rubrics, criteria } }),
  },
];
