import type { Failure } from '../domain/failure';
import type { Notice } from './notices';
import type { AnyRequest, Progress, Reply, RequestKind } from './requests';

/**
 * What crosses between page and worker: plain data, files and blobs. `id` names a call; only the page gives them out.
 */
export type ToWorker =
  | { readonly type: 'request'; readonly id: number; readonly request: AnyRequest }
  | { readonly type: 'cancel'; readonly id: number };

/** A call ends with exactly one of `reply`, `failure` and `cancelled`. */
export type ToPage =
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress<RequestKind> }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply<RequestKind> }
  | { readonly type: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'notice'; readonly notice: Notice };
