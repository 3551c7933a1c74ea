import type { Instruction, Kind, MachineCode } from './instruction';

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^s_(waitcnt|wait_)/, 'wait'],
  [/^s_barrier|^p_barrier/, 'barrier'],
  [/^s_(c?branch|setpc|call|endpgm)/, 'branch'],
  [/^s_(delay_alu|clause|nop|inst_prefetch|set_inst_prefetch|sendmsg|code_end|sethalt|setprio|version)/, 'hint'],
  [/^s_(buffer_|scratch_)?(load|store)_|^s_(dcache|memtime)/, 'smem'],
  [/^s_/, 'salu'],
  [/^v_/, 'valu'],
  [/^(ds|lds)_/, 'lds'],
  [/^scratch_/, 'scratch'],
  [/^(buffer|tbuffer|global|flat|image)_/, 'vmem'],
];

const FUSED =
  /^v_(dual_)?(fma|fmac|fmaak|fmamk|mac|mad|madak|madmk|fma_mix|fma_mixlo|fma_mixhi|fma_legacy|mad_mix|mad_mixlo|mad_mixhi)_?(legacy_)?(f16|f32|f64|bf16)(_|$)/;

/** Multiply-adds of a lane in one instruction, which may be a pair: v_dual_fmac_f32 … :: v_dual_mul_f32 … */
export function multiplyAddsOf(text: string, wave: number): number {
  let sum = 0;
  for (const [name] of text.matchAll(/\bv_\w+/g)) {
    const matrix = name.match(/^v_s?w?mma\w*?_(\d+)x(\d+)x(\d+)/);
    if (matrix) sum += (Number(matrix[1]) * Number(matrix[2]) * Number(matrix[3])) / wave;
    else if (/^v_pk_(fma|fmac|mad)_/.test(name)) sum += 2;
    else if (/^v_(dual_)?dot\d+/.test(name)) sum += Number(/dot(\d+)/.exec(name)![1]);
    else if (FUSED.test(name)) sum += 1;
  }
  return sum;
}

/** Bytes that a lane (scalar loads: a wave) moves. */
export function bytesOf(name: string): number {
  const pair = /(2addr|read2|write2|load_2|store_2)/.test(name) ? 2 : 1;
  const dwords = /dword(?:x(\d+))?/.exec(name);
  if (dwords) return 4 * Number(dwords[1] ?? 1);
  const bits = /_[bui](\d+)(_|$)/.exec(name);
  if (bits) return (pair * Number(bits[1])) / 8;
  if (/_(ubyte|sbyte|byte)/.test(name)) return 1;
  return /_(ushort|sshort|short)/.test(name) ? 2 : 0;
}

/** Reads RADV's RADV_DEBUG=shaderstats,asm of one pipeline; undefined where there is none. */
export function readAmd(text: string): MachineCode | undefined {
  const start = text.lastIndexOf('\ndisasm:');
  const end = text.indexOf('*** SHADER STATS ***', start);
  if (start < 0 || end < 0) return undefined;
  const code = text.slice(start, end);
  const wave = /\b(exec|vcc)_lo\b|s1: %\d+:exec\b/.test(code) ? 32 : 64;
  const list: Instruction[] = [];
  const labels = new Map<string, number>();
  for (const line of code.split('\n')) {
    const label = /^BB(\d+)/.exec(line);
    if (label) labels.set(label[1]!, list.length);
    // Machine code is `\tname operands ; hex`; without a disassembler Mesa prints ` definitions = name operands`.
    const body =
      /^\s+(?:[^=;]*?:\S* = )?((?:[sv]|ds|lds|p|t?buffer|global|flat|scratch|image)_\w+.*?)\s*(?:;.*)?$/.exec(
        line,
      )?.[1];
    if (!body || /^p_(?!barrier)/.test(body)) continue;
    const name = /^\w+/.exec(body)![0];
    const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
    const moves = kind === 'lds' || kind === 'vmem' || kind === 'smem' || kind === 'scratch';
    list.push({
      kind,
      target: kind === 'branch' ? /\bBB(\d+)/.exec(body)?.[1] : undefined,
      load: /load|read/.test(name),
      multiplyAdds: kind === 'valu' ? multiplyAddsOf(body, wave) : 0,
      bytes: moves ? bytesOf(name) : 0,
      weight: 1,
    });
  }
  const stats = text.slice(end);
  const number = (key: string) => Number(new RegExp(`^${key}: (\\d+)`, 'm').exec(stats)?.[1] ?? Number.NaN);
  return {
    list,
    labels,
    width: wave,
    registers: number('VGPRs'),
    spilled: number('Spilled VGPRs'),
    waves: number('Subgroups per SIMD'),
    ldsBytes: number('LDS size'),
    codeBytes: number('Code size'),
    latency: number('Latency'),
  };
}
