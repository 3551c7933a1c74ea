import subgroupWgsl from '../../shaders/lib/reduce.subgroup.wgsl?raw';
import workgroupWgsl from '../../shaders/lib/reduce.wgsl?raw';
import type { AdapterFacts } from '../gpu/device';

/** What a kernel needs to reduce over `workgroup` lanes: without barriers where they are one subgroup. */
export function reduction({ subgroupSize }: AdapterFacts, workgroup: number) {
  const oneSubgroup = workgroup <= subgroupSize;
  return {
    wgsl: oneSubgroup ? subgroupWgsl : workgroupWgsl,
    settings: { enable: oneSubgroup ? ['subgroups'] : [], overrides: { WORKGROUP: workgroup } },
  };
}
