// A decoding product without an adapter.

fn adapt(lane: u32, section: u32, at: array<u32, ROWS>) {}

fn adapted(m: u32, section: u32, quad: u32) -> vec4f { return vec4f(); }
