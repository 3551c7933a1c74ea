/** Runs of so many characters that a text shares with a secret are taken for a piece of it. */
const KEY_RUN = 4;
const ADDRESS_RUN = 5;
/** Shortest word of an address that is taken out where it stands alone: a port, a tenant. */
const SHORTEST_WORD = 3;
/** Parts of addresses that say nothing about whose they are. */
const COMMON = new Set(['chat', 'completions', 'api', 'www', 'com', 'org', 'net']);

/**
 * Takes the address and the key of an endpoint out of what servers and network errors say, because that is stored and
 * exported.
 */
export class Redaction {
  readonly #key: string | null;
  readonly #parts: readonly string[];
  readonly #whole: readonly string[];

  constructor(address: string, key: string | null) {
    const url = new URL(address);
    const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
    const parts = [url.hostname, url.port, ...path.split('/'), ...[...url.searchParams].flat(), url.search, url.hash];
    this.#key = key;
    this.#parts = [...new Set(parts.flatMap(spellings))].filter(
      (part) => part.length >= SHORTEST_WORD && !COMMON.has(part.toLowerCase()),
    );
    this.#whole = [address, url.href, url.host, url.search].filter((text) => text.length >= 6);
  }

  /** An error text without any piece of them; words that happen to share some letters may go too. */
  error(text: string): string {
    const withoutKey = this.#key === null ? text : without(text, [this.#key], KEY_RUN, '[key]');
    return without(withoutKey, this.#parts, ADDRESS_RUN, '[address]');
  }

  /** What the teacher wrote, without the whole of them: its other words stay as they are. */
  reply(text: string): string {
    const withoutKey = this.#key === null ? text : text.replaceAll(this.#key, '[key]');
    return this.#whole.reduce((left, secret) => left.replaceAll(secret, '[address]'), withoutKey);
  }
}

function spellings(part: string): string[] {
  return [part, decoded(part), encodeURIComponent(decoded(part))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Replaces every run of `run` characters that a secret also has, and shorter secrets where they are words; masks beside
 * a piece go with it.
 */
function without(text: string, secrets: readonly string[], run: number, label: string): string {
  const lower = text.toLowerCase();
  const hidden = new Uint8Array(text.length);
  for (const secret of secrets.map((own) => own.toLowerCase())) {
    const length = Math.min(run, secret.length);
    const runs = new Set(Array.from({ length: secret.length - length + 1 }, (_, i) => secret.slice(i, i + length)));
    const alone = secret.length < run;
    for (let i = 0; i + length <= lower.length; i++) {
      if (!runs.has(lower.slice(i, i + length))) continue;
      if (alone && (/\w/.test(lower[i - 1] ?? '') || /\w/.test(lower[i + length] ?? ''))) continue;
      hidden.fill(1, i, i + length);
    }
  }
  let kept = '';
  for (let i = 0; i < text.length; i++) {
    if (!hidden[i]) kept += text[i];
    else if (i === 0 || !hidden[i - 1]) kept += label;
  }
  const escaped = label.replace(/[[\]]/g, '\\$&');
  return kept.replace(new RegExp(`${escaped}(?:[\\w*.…?=&:/-]*${escaped}|[*.…]{2,}\\w*)*`, 'g'), label);
}
