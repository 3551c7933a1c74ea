import type { DataReport } from '../domain/dataReport';
import type { Row } from './row';

/** Row count of the official hard file. */
const HARD_ROWS = 1000;

/** Identifies the kind of a file from its rows, one at a time. */
export class FileKind {
  private examples = 0;
  private metaEval = 0;
  private healthBench = 0;
  private professional = 0;
  private consensus = 0;
  private hard = 0;

  add(row: Row): void {
    if (row.kind === 'metaEval') this.metaEval++;
    if (row.kind !== 'example') return;
    this.examples++;
    if (row.healthBench) this.healthBench++;
    if (row.professional) this.professional++;
    if (row.hard === true) this.hard++;
    if (row.example.rubrics.every(({ tags }) => tags.includes('level:cluster'))) this.consensus++;
  }

  kind(name: string): DataReport['kind'] {
    const { examples } = this;
    if (this.metaEval > examples) return 'metaEval';
    if (this.professional > examples / 2) return 'professional';
    if (examples === 0 || this.healthBench < examples / 2) return 'rubric';
    if (this.consensus === examples) return 'consensus';
    // Hard rows look like any others: the name, the flag of preprocessed files or the exact count identifies them.
    return this.hard === examples || /hard/i.test(name) || examples === HARD_ROWS ? 'hard' : 'full';
  }
}

/** The names of the kinds, on the page and the command line. */
export const KIND_NAMES: Record<DataReport['kind'], string> = {
  full: 'HealthBench',
  hard: 'HealthBench Hard',
  consensus: 'HealthBench Consensus',
  professional: 'HealthBench Professional',
  metaEval: 'HealthBench meta-evaluation',
  rubric: 'prompts with rubrics',
  sample: 'synthetic sample',
};
