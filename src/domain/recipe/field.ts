import { z } from 'zod';

/** Chapters of the page, of `lab recipe` and of docs/recipe.md, in their order. */
export const SECTIONS = [
  { id: 'surface', title: 'Basics' },
  { id: 'answers', title: 'Answers' },
  { id: 'grading', title: 'Grading' },
  { id: 'reward', title: 'Reward' },
  { id: 'loss', title: 'Loss' },
  { id: 'optimizer', title: 'Optimizer' },
  { id: 'warmStart', title: 'Warm start' },
  { id: 'run', title: 'Run' },
  { id: 'data', title: 'Data' },
] as const;
export type Section = (typeof SECTIONS)[number]['id'];

/** A field matters only while the setting at `path` is above a number, one of some values, or not a value. */
export type Condition = { readonly path: string } & (
  | { readonly above: number }
  | { readonly is: readonly string[] }
  | { readonly not: string }
);

/** What a field says besides its schema, which has its type, bounds and default. */
export interface Declaration {
  readonly title: string;
  /** What changes with it. The first sentence stands alone in the command line. */
  readonly help: string;
  readonly section: Section;
  /** False: the recipe's card has no input for it. */
  readonly onPage?: boolean;
  readonly unit?: string;
  /** Largest value that the page and links take, where stored recipes may have any. */
  readonly most?: number;
  /** Of the arrow keys; 1 unless given. */
  readonly step?: number;
  /** By value, for enums; `absent`, `true` and `false` for optional booleans. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly shown?: Condition;
  /** Behind the rest of its section; fields stand in the order of the schema otherwise. */
  readonly last?: boolean;
}

const declarations = z.registry<Declaration>();

/** The schema with its declaration; a copy, so that a schema can stand in two places with two titles. */
export function field<S extends z.ZodType>(schema: S, declaration: Declaration): S {
  const own = schema.clone() as S;
  declarations.add(own, declaration);
  return own;
}

/** One of a few values, each with its label. */
export function choice<const L extends Readonly<Record<string, string>>>(
  labels: L,
  usual: keyof L & string,
  declaration: Omit<Declaration, 'labels'>,
) {
  const values = Object.keys(labels) as (keyof L & string)[];
  return field(z.enum(values).default(usual as never), { ...declaration, labels });
}

export const declarationOf = (schema: z.ZodType): Declaration | undefined => declarations.get(schema);
