// The tenants of a folder as the bridge would see them, without a bridge.
import { YamlTenantFiles } from '../../../bridge/adapters/files/tenant-files.ts';
import type { Logger } from '../../../bridge/core/ports/logger.ts';
import type { TenantFiles } from '../../../bridge/core/ports/tenant-source.ts';
import { checkFiles, type TenantVerdict } from '../../../bridge/core/tenants/check-files.ts';

export interface TenantsRead {
  files: TenantFiles;
  verdicts: TenantVerdict[];
}

export async function readTenants(root: string): Promise<TenantsRead> {
  const files = await new YamlTenantFiles({ root, log: silent }).read();
  return { files, verdicts: checkFiles(files) };
}

const ignore = (): void => undefined;
/** Everything a reader could tell is in the verdicts. */
const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => silent };
