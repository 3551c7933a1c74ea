import { z } from 'zod';
import { PROJECTIONS } from '../model';
import { field } from './field';

export const trainableSchema = field(
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('lora'),
      rank: field(z.number().int().min(1).max(256).default(16), {
        section: 'optimizer',
        title: 'LoRA rank',
        help: 'A higher rank gives the adapter more capacity. On the page, alpha is twice the rank.',
      }),
      alpha: field(z.number().positive().default(32), {
        section: 'optimizer',
        onPage: false,
        title: 'LoRA alpha',
        help: 'Scale of the adapter: its output is multiplied by alpha / rank.',
      }),
      targets: field(
        z
          .array(z.enum(PROJECTIONS))
          .min(1)
          .default([...PROJECTIONS]),
        {
          section: 'optimizer',
          onPage: false,
          title: 'LoRA target modules',
          help: 'Projections that get an adapter.',
        },
      ),
    }),
    z.object({ kind: z.literal('full') }),
  ]),
  {
    section: 'optimizer',
    title: 'Trained weights',
    help: 'A LoRA adapter needs little memory, and switching it off gives the starting model. All weights suits small models only.',
    labels: { lora: 'LoRA adapter', full: 'All weights' },
  },
);
export type Trainable = z.infer<typeof trainableSchema>;
