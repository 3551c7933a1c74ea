fn sums(section: u32, at: array<u32, ROWS>, quad: u32, slice: u32) -> array<vec4f, ROWS> {
  if (section == 1u) { return section_sums_1(at, quad, slice); }
  return section_sums_0(at, quad, slice);
}
