/** The page's address. Tabs are addresses, so that back, reload and sharing work. */
export type Route =
  /** `recipe` is the text of a recipe from a link (recipeLink.ts), until it has been taken. */
  | { readonly page: 'setup'; readonly recipe?: string }
  | { readonly page: 'train' }
  | {
      readonly page: 'rollouts';
      readonly runId: string | null;
      readonly step: number | null;
      readonly group: number;
      readonly index: number | null;
    }
  | { readonly page: 'review'; readonly runId: string | null }
  /** `sideBySide`: a live comparison, one prompt to two models. */
  | { readonly page: 'evaluate'; readonly view?: 'sideBySide' }
  | { readonly page: 'checkpoints' };

export const ROLLOUTS: Extract<Route, { page: 'rollouts' }> = {
  page: 'rollouts',
  runId: null,
  step: null,
  group: 0,
  index: null,
};

const SIDE_BY_SIDE = 'side-by-side';

/** `#/rollouts/run/step/group/answer`, `#/setup/recipe/text` and the like; anything unknown is Set up. */
export function parseRoute(hash: string): Route {
  const [page, runId, step, group, index] = hash.replace(/^#\/?/, '').split('/').map(decode);
  switch (page) {
    case 'train':
    case 'checkpoints':
      return { page };
    case 'evaluate':
      return runId === SIDE_BY_SIDE ? { page, view: 'sideBySide' } : { page };
    case 'rollouts':
      return { page, runId: runId || null, step: count(step), group: count(group) ?? 0, index: count(index) };
    case 'review':
      return { page, runId: runId || null };
    case 'setup':
      return runId === 'recipe' ? { page, recipe: step ?? '' } : { page };
    default:
      return { page: 'setup' };
  }
}

export function formatRoute(route: Route): string {
  if (route.page === 'evaluate' && route.view) return `#/evaluate/${SIDE_BY_SIDE}`;
  if (route.page === 'review' && route.runId !== null) return `#/review/${encodeURIComponent(route.runId)}`;
  if (route.page === 'setup' && route.recipe !== undefined) return `#/setup/recipe/${encodeURIComponent(route.recipe)}`;
  if (route.page !== 'rollouts' || route.runId === null) return `#/${route.page}`;
  const { runId, step, group, index } = route;
  const parts = ['rollouts', encodeURIComponent(runId)];
  if (step !== null) {
    parts.push(String(step));
    if (index !== null) parts.push(String(group), String(index));
    else if (group > 0) parts.push(String(group));
  }
  return `#/${parts.join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function count(part: string | undefined): number | null {
  return part !== undefined && /^\d{1,9}$/.test(part) ? Number(part) : null;
}
