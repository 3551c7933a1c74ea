// Philox4x32-10, bit for bit as src/random.ts: four u32 at a counter of the sequence of a key.

fn high_word(x: u32, y: u32) -> u32 {
  let xl = x & 0xffffu;
  let xh = x >> 16u;
  let yl = y & 0xffffu;
  let yh = y >> 16u;
  let middle = xh * yl + ((xl * yl) >> 16u);
  let carry = xl * yh + (middle & 0xffffu);
  return xh * yh + (middle >> 16u) + (carry >> 16u);
}

fn random(key: vec2u, counter: vec2u) -> vec4u {
  var k = key;
  var c = vec4u(counter, 0u, 0u);
  for (var round = 0u; round < 10u; round++) {
    c = vec4u(
      high_word(0xcd9e8d57u, c.z) ^ c.y ^ k.x,
      0xcd9e8d57u * c.z,
      high_word(0xd2511f53u, c.x) ^ c.w ^ k.y,
      0xd2511f53u * c.x,
    );
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// A float in [0, 1) from the top 24 bits; exact.
fn unit_float(word: u32) -> f32 { return f32(word >> 8u) / 16777216.0; }
