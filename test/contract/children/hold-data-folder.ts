// A process that takes a data folder, says so on standard output and keeps it until it is ended. Argument: data folder.
import { acquireDataLock } from '../../../bridge/adapters/embedded/data-lock.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';

await acquireDataLock(process.argv[2] ?? '', quietLog());
process.stdout.write('held\n');
setInterval(() => undefined, 1_000);
