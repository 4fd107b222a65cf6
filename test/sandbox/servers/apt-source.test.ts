import assert from 'node:assert/strict';
import { unstableSource } from './apt-source.ts';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const STANZAS = `# main archive
Types: deb deb-src
# a remark inside
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;

describe('source of the unstable suite', () => {
  it('keeps mirror and key of the first stanza and changes the suite', () => {
    const source = unstableSource(DEBIAN, [{ file: '/etc/apt/sources.list.d/debian.sources', text: STANZAS }]);
    assert.deepEqual(source, {
      fileName: 'unstable.sources',
      text: `Types: deb
URIs: http://mirror.example/debian
Suites: sid
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`,
    });
  });

  it('passes over source packages, the security archive, switched-off stanzas and other vendors', () => {
    const vendor = 'Types: deb\nURIs: http://vendor.example\nSuites: nodistro\nComponents: main\n';
    const sources = 'Types: deb-src\nURIs: http://wrong.example\nSuites: bookworm\nComponents: main\n';
    const off = 'Enabled: no\nTypes: deb\nURIs: http://off.example\nSuites: bookworm\nComponents: main\n';
    const security = 'Types: deb\nURIs: http://security.example\nSuites: bookworm-security\nComponents: main\n';
    const files = [
      { file: 'a.sources', text: vendor },
      { file: 'b.sources', text: [sources, off, security, STANZAS].join('\n') },
    ];
    assert.match(unstableSource(DEBIAN, files).text, /^URIs: http:\/\/mirror\.example\/debian$/m);
  });

  it('reads the old one-line format, with options', () => {
    const text = `# old style
deb-src http://mirror.example/debian bookworm main
deb http://mirror.example/debian-security bookworm-security main
deb [signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian bookworm main contrib
`;
    assert.deepEqual(unstableSource(DEBIAN, [{ file: '/etc/apt/sources.list', text }]), {
      fileName: 'unstable.list',
      text: 'deb [signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian sid main\n',
    });
  });

  it('names docker compose on a system that is not Debian, and where no mirror is known', () => {
    const ubuntu = 'ID=ubuntu\nID_LIKE=debian\n';
    assert.throws(
      () => unstableSource(ubuntu, [{ file: 'a.sources', text: STANZAS }]),
      /not Debian: use docker compose/,
    );
    assert.throws(() => unstableSource(DEBIAN, [{ file: 'a.sources', text: '' }]), /no Debian mirror.*docker compose/);
  });
});
