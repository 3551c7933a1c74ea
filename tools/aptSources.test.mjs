import { describe, expect, it } from 'vitest';
import { backportsStanza, hasBackports, parseDeb822, parseOneLine, versionAtLeast } from './aptSources.mjs';

describe('one-line sources', () => {
  const text = `# deb http://old.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian bookworm main contrib # ours
deb http://mirror.example/security bookworm-security main`;

  it('reads deb lines with and without options', () => {
    expect(parseOneLine(text)).toEqual([
      {
        uris: ['http://mirror.example/debian'],
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        signedBy: '/usr/share/keyrings/a.gpg',
      },
      { uris: ['http://mirror.example/security'], suites: ['bookworm-security'], components: ['main'], signedBy: '' },
    ]);
  });

  it('derives backports from the mirror of the release', () => {
    expect(backportsStanza(parseOneLine(text), 'bookworm')).toBe(
      'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/a.gpg\n',
    );
  });
});

describe('deb822 sources', () => {
  const text = `Types: deb
# a comment
URIs: mirror+file:///etc/apt/mirrors/debian.list
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main
Enabled: no

Types: deb deb-src
URIs: http://key.example/debian
Suites: sid
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----
`;

  it('reads stanzas, skips disabled ones and keeps a key that is written out', () => {
    const sources = parseDeb822(text);
    expect(sources.map(({ suites }) => suites)).toEqual([['bookworm', 'bookworm-updates'], ['sid']]);
    expect(backportsStanza(sources, 'bookworm')).toContain('URIs: mirror+file:///etc/apt/mirrors/debian.list\n');
    expect(backportsStanza(sources, 'sid')).toContain('Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc');
    expect(backportsStanza(sources, 'trixie')).toBeNull();
  });

  it('sees backports that are there', () => {
    expect(hasBackports(parseDeb822(text), 'bookworm')).toBe(false);
    expect(hasBackports(parseOneLine('deb http://m.example/debian bookworm-backports main'), 'bookworm')).toBe(true);
  });
});

it.each([
  ['22.3.6-1+deb12u1', false],
  ['23.0.4-0ubuntu1', false],
  ['23.1.0-1', true],
  ['1:25.0.7-2~bpo12+1', true],
  ['(none)', false],
  ['', false],
])('Mesa %s is new enough: %s', (version, expected) => {
  expect(versionAtLeast(version, 23, 1)).toBe(expected);
});
