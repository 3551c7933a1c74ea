// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }
