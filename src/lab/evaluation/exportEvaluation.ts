import { answerLine } from '../../domain/answerRecord';
import type { EvaluationExportKind, SavedEvaluation } from '../../evaluation/evaluations';
import { answerSection } from '../../evaluation/report/answerSection';
import { auditReport } from '../../evaluation/report/auditReport';
import { evaluationReport } from '../../evaluation/report/evaluationReport';
import { scoreOf } from '../../evaluation/scores';
import { allResults } from '../../evaluation/simpleEvals';
import type { ExportedFile } from '../../protocol/requests';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';

const NAMES: Record<EvaluationExportKind, string> = {
  report: 'report.html',
  json: 'evaluation.json',
  answers: 'answers.jsonl',
  simpleEvals: 'allresults.json',
};

/** Throws LabError when it was deleted. */
export async function savedEvaluation(store: RunStore, id: string): Promise<SavedEvaluation> {
  const saved = await store.loadEvaluation(id);
  if (saved) return saved;
  throw new LabError('unexpected', 'This evaluation no longer exists.', 'It may have been deleted in another tab.');
}

/** A saved evaluation as a file to download. */
export async function exported(saved: SavedEvaluation, kind: EvaluationExportKind): Promise<ExportedFile> {
  const { text, type } = await written(saved, kind);
  const file = new Blob([text], { type });
  return { name: `${saved.entry.id}-${NAMES[kind]}`, file };
}

const json = (value: object) => ({ text: `${JSON.stringify(value, null, 2)}\n`, type: 'application/json' });

async function written(saved: SavedEvaluation, kind: EvaluationExportKind): Promise<{ text: string; type: string }> {
  if (saved.kind === 'audit') {
    if (kind === 'report') return { text: auditReport(saved.audit), type: 'text/html' };
    if (kind === 'json') return json(saved.audit);
    throw new LabError('badConfig', 'An audit exports as a report or as JSON only.', 'Choose one of them.');
  }
  const { evaluation, answers } = saved;
  switch (kind) {
    case 'report':
      return { text: evaluationReport(evaluation, answers), type: 'text/html' };
    case 'json':
      return json(evaluation);
    case 'answers':
      return {
        text: answers.map((own) => `${JSON.stringify(answerLine(own, scoreOf(own)))}\n`).join(''),
        type: 'text/plain',
      };
    case 'simpleEvals':
      return json(await allResults(evaluation, answers, (own) => answerSection(own).text));
  }
}
