import { BLOCK } from './sizes';

/** The blocks that hold a sequence's keys and values, in order of position. */
export interface Sequence {
  readonly blocks: number[];
  /**
   * Tokens whose keys and values were there already, or are computed by a sequence opened before this one: whole
   * blocks.
   */
  readonly shared: number;
  /** Leading blocks that others may find by content. */
  named: number;
  /** Names the content of the `named` blocks. */
  chain: number;
}

/**
 * Bookkeeping of the paged KV cache: blocks of 16 tokens with reference counts. A full block is found by its content,
 * that is by the name of all tokens before it and its own 16 (prefix caching as in vLLM, with exact keys in place of
 * hashes), so whatever sequences have in common from their start is kept and computed once. Blocks of closed sequences
 * stay until their space is needed, least recently used first. Keys and values of the adapter and of the base never
 * mix. Knows nothing of the GPU.
 */
export class KvCache {
  /** Blocks that one sequence may have, and that a row of the block table holds. */
  readonly maxBlocks: number;
  readonly blocks: number;
  private readonly references: Uint32Array;
  /** Key under which a block is found. */
  private readonly keys: (string | undefined)[] = [];
  /**
   * Name of all content up to the end of a keyed block. Never used twice, so an evicted parent leaves no false
   * children.
   */
  private readonly chains: number[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly blank: number[];
  /** Unreferenced blocks with content, least recently used first. */
  private readonly idle = new Set<number>();
  private lastChain = 0;
  private roots = { base: 0, adapter: 0 };

  constructor({ blocks, maxBlocks }: { blocks: number; maxBlocks: number }) {
    this.blocks = blocks;
    this.maxBlocks = maxBlocks;
    this.references = new Uint32Array(blocks);
    this.blank = Array.from({ length: blocks }, (_, i) => blocks - 1 - i);
    this.invalidate();
  }

  /** Blocks that can be had now. */
  get available(): number {
    return this.blank.length + this.idle.size;
  }

  /** Longest sequence that fits, in tokens, when it has the cache to itself. */
  get capacity(): number {
    return BLOCK * Math.min(this.blocks, this.maxBlocks);
  }

  /**
   * Blocks for `positions` ≥ tokens.length − 1 positions of a sequence that starts with `tokens`, as many of them
   * shared as can be; null, with nothing taken, when they cannot be had with `reserve` blocks to spare. The last token
   * is never shared, since its row must be computed. The caller computes positions `shared` … length − 2 before, or in
   * the same pass as, any row of a sequence opened later: its full blocks can be found from now on.
   */
  open(
    tokens: ArrayLike<number>,
    adapter: boolean,
    { positions = tokens.length, reserve = 0 }: { positions?: number; reserve?: number } = {},
  ): Sequence | null {
    const whole = Math.floor((tokens.length - 1) / BLOCK);
    const found: number[] = [];
    let chain = adapter ? this.roots.adapter : this.roots.base;
    while (found.length < whole) {
      const block = this.byKey.get(keyOf(chain, tokens, found.length));
      if (block === undefined) break;
      found.push(block);
      chain = this.chains[block]!;
    }
    for (const block of found) this.take(block);
    const sequence: Sequence = { blocks: found, shared: BLOCK * found.length, named: found.length, chain };
    if (!this.extend(sequence, positions) || this.available < reserve) {
      this.close(sequence);
      return null;
    }
    this.commit(sequence, tokens, tokens.length - 1);
    return sequence;
  }

  /**
   * A sequence with the same start: its full blocks are shared, the unfinished last block is the caller's to compute
   * again.
   */
  fork({ blocks, named, chain }: Sequence): Sequence {
    const shared = blocks.slice(0, named);
    for (const block of shared) this.take(block);
    return { blocks: shared, shared: BLOCK * named, named, chain };
  }

  /**
   * Makes room for `positions` positions. False, with nothing taken, when the blocks cannot be had. Throws beyond
   * `maxBlocks`.
   */
  extend(sequence: Sequence, positions: number): boolean {
    const needed = Math.ceil(positions / BLOCK);
    if (needed > this.maxBlocks) {
      throw new Error(`KV cache: ${positions} positions, but a sequence has at most ${BLOCK * this.maxBlocks}`);
    }
    if (needed - sequence.blocks.length > this.available) return false;
    while (sequence.blocks.length < needed) sequence.blocks.push(this.allocate());
    return true;
  }

  /** Names the full blocks among the first `computed` positions of `tokens`, so that others find them. */
  commit(sequence: Sequence, tokens: ArrayLike<number>, computed: number): void {
    for (; sequence.named < Math.floor(computed / BLOCK); sequence.named++) {
      const key = keyOf(sequence.chain, tokens, sequence.named);
      const known = this.byKey.get(key);
      const block = known ?? sequence.blocks[sequence.named]!;
      if (known === undefined) {
        this.byKey.set(key, block);
        this.keys[block] = key;
        this.chains[block] = ++this.lastChain;
      }
      sequence.chain = this.chains[block]!;
    }
  }

  /** Gives the blocks back, the last first, so that prefixes outlive what follows them. */
  close(sequence: Sequence): void {
    for (const block of sequence.blocks.splice(0).reverse()) {
      this.references[block]!--;
      if (this.references[block]! > 0) continue;
      if (this.keys[block] === undefined) this.blank.push(block);
      else this.idle.add(block);
    }
  }

  /**
   * Forgets all content, for instance because the weights changed. Open sequences keep their blocks, which nobody finds
   * any more.
   */
  invalidate(): void {
    this.byKey.clear();
    this.keys.length = 0;
    this.blank.push(...this.idle);
    this.idle.clear();
    this.roots = { base: ++this.lastChain, adapter: ++this.lastChain };
  }

  private take(block: number): void {
    this.references[block]!++;
    this.idle.delete(block);
  }

  private allocate(): number {
    const block = this.blank.pop() ?? this.evict();
    this.references[block] = 1;
    return block;
  }

  private evict(): number {
    const block = this.idle.values().next().value!; // `extend` has checked that there is one
    this.idle.delete(block);
    this.byKey.delete(this.keys[block]!);
    this.keys[block] = undefined;
    return block;
  }
}

/** Exact: the name of what comes before, and the tokens of block `index`. */
function keyOf(chain: number, tokens: ArrayLike<number>, index: number): string {
  let key = `${chain}:`;
  for (let i = BLOCK * index; i < BLOCK * (index + 1); i++) key += `${tokens[i]},`;
  return key;
}
