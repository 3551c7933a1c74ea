import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Wrong arguments: one line for the person, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const HELP = `The lab without a page, on Dawn for Node.

  npm run lab -- prepare  --data FULL [--hard HARD] --out <folder> [--held-out SHARE --seed N]
                          [--theme NAME]… [--axis NAME]… [--min-points N] [--min-criteria N] [--max-characters N]
                          [--map …]
      Writes healthbench_easy.jsonl (not in HARD, by prompt_id) and healthbench_hard.jsonl, the rubric under metadata as
      the method's script has it, and report.json. Rows that would be trained and tested on are refused. --held-out sets
      a share aside by seed. Filters keep examples of a theme and criteria of an axis or of at least so many points.

  --model <folder|gguf> may be followed by --adapter <folder>: a PEFT adapter that becomes part of the weights, as
  train, generate, logprobs, grade and export see them.

  --data <jsonl> may be followed by --map prompt=COLUMN,rubric=COLUMN,points=FIELD,… in every command: it reads any other
  rubric JSONL. Names are prompt, rubric, criterion, points, tags, id, ideal; a column may be a path such as reward.rubrics.

  npm run lab -- train    --model <folder|gguf> --data <jsonl> --out <folder>
                          [--config run.json] [--template FILE] [--steps N] [--seed N] [--resume]
                          [--map …] [--teacher <folder|url|file> [--teacher-model NAME]]
      Trains and writes config.json, metrics.jsonl, rollouts/step-N.jsonl and checkpoints/ to --out.
      --data twice: the full and the hard file (hard examples are held out). --config is a Recipe in JSON; what it
      leaves out has defaults; {"filter": {"themes": […], "axes": […], "minPoints": N, "maxCharacters": N}} uses a part of
      the data, as prepare would write it. --template is a grader prompt with <<conversation>> and <<rubric_item>>. --resume goes on
      from the newest checkpoint, with the config and data of the run; --steps then says how many in all. Ctrl-C stops
      and saves. --teacher grades instead of the model, or for the share that --config says (grader.kind mixed): the folder
      of an ONNX model, an OpenAI-compatible endpoint (its key in the environment variable AUTODIDACT_TEACHER_KEY), or a
      file of recorded grades.

  npm run lab -- generate --model <folder|gguf> (--prompt TEXT | --data <jsonl>) [--map …] [--limit N] [--count N]
                          [--max-tokens N] [--temperature T] [--top-p P] [--top-k K] [--seed N]
                          [--run <folder> [--step N]]
      Prints answers, one JSON object a line. --run answers with what that run learned.

  npm run lab -- logprobs --model <folder|gguf> --text FILE
      Prints {"tokens": […], "logprobs": […]}: ids of the plain text, and the logprob of each after the first (null).

  npm run lab -- grade    (--model <folder|gguf> | --grader <folder|url|file> [--teacher-model NAME])
                          --data <jsonl> [--map …] --completions FILE
                          [--mode json|forced|verdict] [--template FILE] [--seed N]
      FILE has one {"prompt_id": …, "completion": …} a line. Prints the grades, one JSON object a line; scores go to stderr.
      --grader is a teacher, as train has it.

  npm run lab -- evaluate --model <folder|gguf> [--adapter <folder> | --run <folder> [--step N]] --data <jsonl> --out <folder>
                          [--grader self|frozen|<folder|gguf>|<https://…>|<onnx folder> [--teacher-model NAME]]
                          [--mode json|forced|verdict] [--template FILE]
                          [--split all|train|heldOut] [--answers K] [--limit N] [--max-tokens N] [--temperature T]
                          [--baseline <folder>|start] [--name TEXT] [--map …] [--held-out SHARE] [--seed N]
  npm run lab -- evaluate --grades FILE [--data <jsonl> [--map …]] --out <folder> [--baseline <folder>] [--name TEXT]
      Scores as simple-evals does and writes report.html, evaluation.json, answers.jsonl, criteria.jsonl, metrics.json and
      allresults.json. --grader: the model itself, the weights it started from, another model, or a teacher: an ONNX
      model or an OpenAI-compatible endpoint (its key in the environment variable AUTODIDACT_TEACHER_KEY). --grades scores grades that are there already:
      answers.jsonl, a run's rollouts, recorded verdicts, or simple-evals' allresults. --baseline is the folder of an
      earlier evaluation, compared prompt by prompt; start asks the model without the adapter as well.

  npm run lab -- audit    --model <folder|gguf> [--adapter <folder> | --run <folder> [--step N]]
                          (--meta FILE | --verdicts FILE [--data <jsonl> [--map …]])
                          [--mode json|forced|verdict] [--template FILE] [--limit N] [--seed N] [--out <folder>]
  npm run lab -- audit    --grades FILE --verdicts FILE [--data <jsonl> [--map …]] [--out <folder>]
      Is the grader right? --meta is HealthBench's meta-evaluation file: pooled and per-category balanced F1 as in
      simple-evals, against physicians, and physicians against each other. --verdicts are recorded verdicts (with --data
      where they bring no prompt): agreement, Cohen's kappa, F1. With an adapter or a run: before and after in one table,
      on the same items, with the difference. --grades compares recorded grades instead of asking a model. --out gets
      report.html, audit.json and verdicts.jsonl.

  npm run lab -- doctor   --run <folder> [--json]
      Says what goes wrong in a run, from its logs: the step where it began, the numbers that show it, a likely cause and
      what to try. --json prints one finding a line. The exit code is 3 when there is a problem.

  npm run lab -- export   --run <folder> --model <folder|gguf> --out <folder>
                          [--kind merged|adapter|metricsCsv|metricsJsonl|rollouts|data|everything] [--step N]
      Writes a checkpoint of a run (the newest) as a Hugging Face folder, an adapter in PEFT layout, or the run's logs.

  npm run lab -- --help`;

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options of a command; throws UsageError for unknown, missing or malformed ones. */
export function parseOptions<const O extends Options>(
  args: readonly string[],
  options: O,
  required: readonly (keyof O & string)[],
) {
  const parsed = (() => {
    try {
      return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    } catch (error) {
      throw new UsageError((error as Error).message.split('. ')[0]!);
    }
  })();
  const values = parsed.values as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if ([value].flat().includes('')) throw new UsageError(`--${name} is empty`);
  }
  for (const name of required) {
    if (values[name] === undefined) throw new UsageError(`--${name} is missing`);
  }
  return parsed.values;
}

/** A number option within bounds; undefined when it was not given. */
export function numberOption(
  name: string,
  text: string | undefined,
  { min, max = Number.MAX_SAFE_INTEGER, whole = true }: { min: number; max?: number; whole?: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const fits = text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (!fits) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new UsageError(`--${name} is ${JSON.stringify(text)}: give a ${whole ? 'whole ' : ''}number ${range}`);
  }
  return value;
}

/** One of a few words; undefined when it was not given. */
export function choiceOption<const C extends string>(
  name: string,
  text: string | undefined,
  choices: readonly C[],
): C | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found === undefined)
    throw new UsageError(`--${name} is ${JSON.stringify(text)}: give one of ${choices.join(', ')}`);
  return found;
}
