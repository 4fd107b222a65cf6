// The contract suites on the stores that need no server.
import { describeStores } from './describe-stores.ts';
import { openEmbeddedWorld } from './embedded-world.ts';

describeStores('the embedded journal', openEmbeddedWorld);
