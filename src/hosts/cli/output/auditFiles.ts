import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditReport } from '../../../evaluation/report/auditReport';
import type { AuditResult } from '../../../lab/evaluation/runAudit';

/** The first tells that a folder holds an audit. */
export const AUDIT_FILES = ['audit.json', 'report.html', 'verdicts.jsonl'];

/** Writes the files of an audit. */
export function writeAudit(folder: string, { audit, labels, graded }: AuditResult): void {
  writeFileSync(join(folder, 'audit.json'), `${JSON.stringify(audit, null, 2)}\n`);
  writeFileSync(join(folder, 'report.html'), auditReport(audit));
  const lines = labels.answers.flatMap(({ example, completion, labels: own, categories }, i) =>
    example.rubrics.map(({ criterion }, c) => ({
      prompt_id: example.promptId,
      completion,
      criterion,
      category: categories[c],
      labels: own[c],
      graders: graded.map(({ grader, grades }) => ({ grader: grader.name, ...grades[i]![c]! })),
    })),
  );
  writeFileSync(join(folder, 'verdicts.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
