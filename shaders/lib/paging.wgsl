// The paged cache: position j of sequence slot s is row (block, j mod 16) of block blockTable[s, j / 16]. Needs
// `blockTable` and params.M.
const BLOCK = 16u;

// Row of a cache (blocks · 16, K, D) that holds position j of a slot.
fn cache_row(slot: u32, j: u32) -> u32 { return blockTable[slot * params.M + j / BLOCK] * BLOCK + j % BLOCK; }
