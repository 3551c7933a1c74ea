// Reads what apt's own source files say, in both of their formats, to add the backports suite of the same mirror.

/** @typedef {{ uris: string[], suites: string[], components: string[], signedBy: string }} AptSource */

/** One-line format: `deb [signed-by=/x.gpg arch=amd64] http://mirror/debian bookworm main contrib`. */
export function parseOneLine(text) {
  const sources = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (!match) continue;
    const [, options = '', uri, suite, components] = match;
    sources.push({
      uris: [uri],
      suites: [suite],
      components: components.trim().split(/\s+/),
      signedBy: /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1] ?? '',
    });
  }
  return sources;
}

/** deb822 format: stanzas of `Field: value`, continued by indented lines; a value may be a whole key. */
export function parseDeb822(text) {
  const sources = [];
  for (const stanza of text.split(/\n[ \t]*\n/)) {
    const fields = new Map();
    let name = '';
    for (const line of stanza.split('\n')) {
      if (line.startsWith('#')) continue;
      const field = /^([A-Za-z-]+):[ \t]*(.*)$/.exec(line);
      if (field) {
        name = field[1].toLowerCase();
        fields.set(name, field[2]);
      } else if (name && /^[ \t]/.test(line)) {
        fields.set(name, `${fields.get(name)}\n${line}`);
      }
    }
    const words = (field) => (fields.get(field) ?? '').split(/\s+/).filter(Boolean);
    if (!words('types').includes('deb') || /^(no|false|0|off)$/i.test(fields.get('enabled') ?? '')) continue;
    sources.push({
      uris: words('uris'),
      suites: words('suites'),
      components: words('components'),
      signedBy: (fields.get('signed-by') ?? '').trim() ? (fields.get('signed-by') ?? '') : '',
    });
  }
  return sources;
}

/** A deb822 stanza for `<codename>-backports` on the mirror that serves `codename` here, or null when none does. */
export function backportsStanza(sources, codename) {
  const release = sources.find(({ suites, components }) => suites.includes(codename) && components.includes('main'));
  if (!release) return null;
  const lines = ['Types: deb', `URIs: ${release.uris.join(' ')}`, `Suites: ${codename}-backports`, 'Components: main'];
  if (release.signedBy) lines.push(`Signed-By: ${release.signedBy}`);
  return `${lines.join('\n')}\n`;
}

export const hasBackports = (sources, codename) =>
  sources.some(({ suites }) => suites.includes(`${codename}-backports`));

/** True when a Debian version such as `25.0.7-2~bpo12+1` is at least `major.minor`. */
export function versionAtLeast(version, major, minor) {
  const match = /^(?:\d+:)?(\d+)\.(\d+)/.exec(version);
  if (!match) return false;
  const [has, hasMinor] = [Number(match[1]), Number(match[2])];
  return has > major || (has === major && hasMinor >= minor);
}
