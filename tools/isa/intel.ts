import type { Instruction, Kind, MachineCode } from './instruction';

const MULTIPLY_ADDS: Readonly<Record<string, number>> = { mad: 1, mac: 1, dp4a: 4 };

/** Reads INTEL_DEBUG=cs of one pipeline; undefined where there is none. */
export function readIntel(text: string, registerBytes: number): MachineCode | undefined {
  // The driver may try several widths; it takes the last without spills, or else the first.
  const tries = [...text.matchAll(/^SIMD(\d+) shader: .*? (\d+) cycles\. (\d+):(\d+) spills:fills.*?to (\d+) bytes/gm)];
  const taken = tries.findLast((one) => one[3] === '0') ?? tries[0];
  if (!taken) return undefined;
  const width = Number(taken[1]);
  const next = tries[tries.indexOf(taken) + 1]?.index ?? text.length;
  const list: Instruction[] = [];
  const labels = new Map<string, number>();
  let last: Instruction | undefined;
  for (const line of text.slice(taken.index, next).split('\n')) {
    const label = /^(LABEL\d+):/.exec(line);
    if (label) labels.set(label[1]!, list.length);
    const message = /^\s+(\w[\w ]*?) MsgDesc: (.*)/.exec(line);
    if (message && last) Object.assign(last, messageOf(message[1]!, message[2]!, registerBytes, width));
    const [, , name, laneText] = /^(\([^)]*\) )?([a-z]\w*)(?: \w+)?[\w.]*\((\d+)\)/.exec(line) ?? [];
    if (!name) continue;
    const lanes = Number(laneText);
    const kind = kindOf(name, lanes);
    const isFloat = /<\d>\w*(F|HF|DF)\b/.test(line) || name === 'dp4a';
    last = {
      kind,
      target: name === 'while' ? /JIP:\s+(LABEL\d+)/.exec(line)?.[1] : undefined,
      load: false,
      multiplyAdds: kind === 'valu' && isFloat ? ((MULTIPLY_ADDS[name] ?? 0) * lanes) / width : 0,
      bytes: 0,
      weight: kind === 'valu' ? lanes / width : 1,
    };
    list.push(last);
  }
  return {
    list,
    labels,
    width,
    registers: null,
    spilled: Number(taken[3]),
    waves: null,
    ldsBytes: Number(/^shared_size: (\d+)/m.exec(text)?.[1] ?? 0),
    codeBytes: Number(taken[5]),
    latency: Number(taken[2]),
  };
}

function kindOf(name: string, lanes: number): Kind {
  if (name === 'send' || name === 'sendc' || name === 'sends') return 'vmem';
  if (name === 'sync' || name === 'nop') return 'wait';
  if (/^(if|else|endif|while|break|cont|halt|jmpi|brd|brc|do)$/.test(name)) return 'branch';
  return lanes < 8 ? 'salu' : 'valu';
}

/**
 * What a send does. Xe names the memory (slm, ugm); Gfx12 and older name a surface, of which 254 is workgroup memory
 * and 253 scratch.
 */
function messageOf(unit: string, text: string, registerBytes: number, width: number): Partial<Instruction> {
  if (/gateway|thread_spawner/.test(unit)) return { kind: /barrier/.test(text) ? 'barrier' : 'hint' };
  if (/fence/.test(text)) return { kind: 'barrier' };
  const length = Number(/\b(?:dst_len =|rlen) (\d+)/.exec(text)?.[1] ?? 0);
  const load = length > 0;
  const sent = load ? length : Number(/\b(?:src1_len =|ex_mlen) (\d+)/.exec(text)?.[1] ?? 0);
  const bytes = (sent * registerBytes) / width;
  if (/OWORD block \w+, bti 253|\bss \)/.test(text)) return { kind: 'scratch', load, bytes };
  // One load for all lanes: each gets the whole of it.
  const uniform = /^const|OWORD block/.test(`${unit}${text}`) || /transpose/.test(text);
  if (uniform)
    return { kind: /^slm|bti 254/.test(`${unit} ${text}`) ? 'lds' : 'smem', load, bytes: sent * registerBytes };
  return { kind: /^slm/.test(unit) || /Surface = 254/.test(text) ? 'lds' : 'vmem', load, bytes };
}
