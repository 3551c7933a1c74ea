// Query and key heads without a norm, for keys.wgsl.

fn head_scale(lane: u32, source: u32, quads: u32) -> f32 { return 1.0; }

fn head_gain(isQuery: bool, i: u32) -> vec4f { return vec4f(1.0); }
