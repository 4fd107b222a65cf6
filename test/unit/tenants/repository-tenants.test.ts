// The tenants that come with the repository are examples and the demo's stock: they must be right.
import assert from 'node:assert/strict';
import path from 'node:path';
import { KnowledgeFiles } from '../../../bridge/adapters/files/knowledge-files.ts';
import { YamlTenantFiles } from '../../../bridge/adapters/files/tenant-files.ts';
import { checkFiles } from '../../../bridge/core/tenants/check-files.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';

describe('the tenants of the repository', () => {
  const source = new YamlTenantFiles({ root: path.resolve(import.meta.dirname, '../../../tenants'), log: quietLog() });

  it('every domain has a tenant, and every tenant is ready without an unknown key', async () => {
    const files = await source.read();
    const verdicts = checkFiles(files);
    assert.deepEqual(
      verdicts.flatMap(({ problems, unknownKeys }) => [...problems, ...unknownKeys]),
      [],
    );
    assert.deepEqual([...new Set(verdicts.map(({ domain }) => domain))], [...files.domains.keys()]);
  });

  it('every tenant knows enough to be tried, and no document is wrong', async () => {
    const { tenants } = await source.read();
    for (const { domain, folder } of tenants) {
      const { entries, problems } = await new KnowledgeFiles(source.folderOf({ domain, accountId: folder })).read();
      assert.deepEqual(problems, [], folder);
      const kinds = [...entries.values()].map(({ document }) => document.kind);
      const count = (...wanted: string[]): number => kinds.filter((kind) => wanted.includes(kind)).length;
      const known = {
        rules: count('rule', 'policy', 'scheduling'),
        questions: count('faq'),
        items: count('product', 'service'),
      };
      assert.ok(
        known.rules >= 25 && known.rules + known.questions + known.items >= 75,
        `${folder}: ${JSON.stringify(known)}`,
      );
    }
  });
});
