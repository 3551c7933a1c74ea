// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }
