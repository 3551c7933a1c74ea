import { expect, it } from 'vitest';
import { bytesOf, multiplyAddsOf } from './amd';
import { figuresOf } from './figures';
import { pipelineName } from './pipelineName';

// An outer loop (BB1) with an inner one (BB2) that does two of four multiply-adds, in the driver's own format.
const RDNA = [
  '## radv: Mesa 25.0.7',
  '',
  '@@ two.loops ROWS=4',
  'Compute Shader',
  'disasm:',
  'BB0:',
  '\ts_mov_b32 s0, s5                                            ; be800005',
  'BB1:',
  '\tds_load_b128 v[0:3], v8 offset:16                           ; db7c0010 00000008',
  '\tv_fma_f32 v4, v0, v1, v4                                    ; d6130004',
  '\tv_add_f32_e32 v5, v5, v4                                    ; 060a0905',
  'BB2:',
  '\tds_load_2addr_b32 v[6:7], v8 offset1:1                      ; d8dc0100',
  '\tv_dual_fmac_f32 v4, v6, v7 :: v_dual_mul_f32 v5, v6, v6     ; c8c00d06',
  '\tv_fmac_f32_e32 v4, v6, v7                                   ; 56080f06',
  '\tv_fmac_f32_e32 v4, v7, v7                                   ; 56080f07',
  '\ts_cbranch_scc1 BB2                                          ; bfa2fff9',
  'BB3:',
  '\ts_waitcnt lgkmcnt(0)                                        ; bf89fc07',
  '\ts_cbranch_scc1 BB1                                          ; bfa2fff0',
  '\ts_endpgm                                                    ; bfb00000',
  '',
  '*** SHADER STATS ***',
  'VGPRs: 12',
  'Spilled VGPRs: 3',
  'Code size: 64',
  'LDS size: 512',
  'Subgroups per SIMD: 24',
  'Latency: 700',
  '@@ end',
  '',
].join('\n');

it('reads the loop with the most multiply-adds, without the loop around it', () => {
  const { driver, pipelines } = figuresOf('navi31', RDNA);
  expect(driver).toBe('radv: Mesa 25.0.7');
  expect(pipelines).toEqual({
    'two.loops ROWS=4': {
      width: 64,
      registers: 12,
      spilled: 3,
      waves: 24,
      ldsBytes: 512,
      codeBytes: 64,
      multiplyAdds: 3,
      perArithmetic: 1,
      perInstruction: 0.6,
      ldsPerFma: 2.67,
      memoryPerFma: 0,
    },
  });
});

it('takes Intel’s widest try without spills, and counts by lanes', () => {
  const intel = [
    '## Mesa 25',
    '@@ one.loop',
    'SIMD16 shader: 4 instructions. 1 loops. 90 cycles. 0:0 spills:fills, 1 sends. Compacted 96 to 64 bytes (33%)',
    'LABEL0:',
    'mad(16)         g15<1>F         g15<8,8,1>F     g118<8,8,1>F    g1<1,1,1>F { align1 1H $0.dst };',
    'mad(8)          g15<1>F         g15<8,8,1>F     g118<8,8,1>F    g1<1,1,1>F { align1 1H $0.dst };',
    'send(16)        g9UD            g7UD            nullUD          0x04040518 { align1 1H $0 };',
    '                            slm MsgDesc: ( load, a32, d32, V4 dst_len = 8, src0_len = 2, src1_len = 0 flat )',
    'while(16)       JIP:  LABEL0 { align1 1H };',
    'SIMD32 shader: 4 instructions. 1 loops. 90 cycles. 7:9 spills:fills, 1 sends. Compacted 96 to 80 bytes (33%)',
    '@@ end',
  ].join('\n');
  expect(figuresOf('dg2', intel).pipelines['one.loop']).toMatchObject({
    width: 16,
    spilled: 0,
    codeBytes: 64,
    multiplyAdds: 1.5,
    perArithmetic: 1,
    perInstruction: 0.38,
    ldsPerFma: 10.67,
  });
});

it('throws where the driver printed no code', () => {
  expect(() => figuresOf('navi31', '## x\n@@ lost\n@@ end\n')).toThrow('nothing about lost');
  expect(() => figuresOf('navi31', 'no adapter')).toThrow('no pipeline');
});

it('knows packed, dotted and matrix multiply-adds', () => {
  const of = (text: string) => multiplyAddsOf(text, 32);
  expect(['v_pk_fma_f16 v0', 'v_dot2_f32_f16 v0', 'v_dot4_i32_iu8 v0', 'v_mul_f32 v0'].map(of)).toEqual([2, 2, 4, 0]);
  expect(of('v_wmma_f32_16x16x16_f16 v[0:7]')).toBe(128);
  const names = ['buffer_load_dwordx4', 'ds_read2_b32', 'global_load_b64', 'buffer_load_ubyte'];
  expect(names.map(bytesOf)).toEqual([16, 8, 8, 1]);
});

it('names a pipeline by its label and constants, and leaves out kernels of single elements', () => {
  expect(pipelineName('gemm', 'enable subgroups;\nconst ROWS = 4u;\nconst P = 2u; // body', { WORKGROUP: 64 })).toBe(
    'gemm ROWS=4 WORKGROUP=64',
  );
  expect(pipelineName('rope', '\nalias Value = f32;\n', {})).toBeUndefined();
});
