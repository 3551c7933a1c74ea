/** A value of a recipe by its path, e.g. `optimizer.learningRate`. */
export type Paths = Readonly<Record<string, unknown>>;

const PATH = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*){0,3}$/;

/** The values to change in `from` to get `to`. A list, or a part that lacks one of the keys in `from`, is one value. */
export function changedPaths(from: object, to: object, under = ''): Paths {
  const changed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue;
    const before: unknown = Object.hasOwn(from, key) ? from[key as keyof typeof from] : undefined;
    if (sameValue(before, value)) continue;
    const path = under + key;
    if (isPart(before) && isPart(value) && Object.keys(before).every((name) => Object.hasOwn(value, name))) {
      Object.assign(changed, changedPaths(before, value, `${path}.`));
    } else changed[path] = value;
  }
  return changed;
}

/** A copy of `from` with the values set. Throws RangeError for a path through a value that is not an object. */
export function withPaths(from: object, paths: Paths): object {
  const copy = structuredClone(from);
  for (const [path, value] of Object.entries(paths)) {
    const names = path.split('.');
    const last = names.pop()!;
    const part = PATH.test(path) ? names.reduce<unknown>(step, copy) : undefined;
    if (!isPart(part)) throw new RangeError(path.slice(0, 60));
    Object.assign(part, { [last]: value });
  }
  return copy;
}

/** Whether everything in `given` is also in `found`: a schema drops unknown keys silently. */
export function holds(found: unknown, given: unknown): boolean {
  if (!isPart(given)) return sameValue(found, given);
  return (
    isPart(found) &&
    Object.entries(given).every(([key, value]) => Object.hasOwn(found, key) && holds(step(found, key), value))
  );
}

const isPart = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const step = (part: unknown, name: string): unknown =>
  isPart(part) && Object.hasOwn(part, name) ? part[name as keyof typeof part] : undefined;

/** Recipes are plain JSON, in the order of their schema. */
const sameValue = (a: unknown, b: unknown): boolean => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);
