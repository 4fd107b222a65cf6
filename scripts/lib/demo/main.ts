// `scripts/demo`: the page to chat on, or one question on the command line.
import { parseArgs } from 'node:util';
import { askQuestion } from './ask-question.ts';
import { startDemo } from './start-demo.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ask: { type: 'string' },
      tenant: { type: 'string', default: 'sandra_cosmeticos' },
      channel: { type: 'string', default: 'whatsapp' },
      port: { type: 'string' },
    },
  });
  const demo = await startDemo(values.port ? { port: Number(values.port) } : {});
  if (values.ask !== undefined) {
    try {
      const lines = await askQuestion(demo, { text: values.ask, tenant: values.tenant, channel: values.channel });
      console.log(lines.join('\n'));
    } finally {
      await demo.stop();
    }
    return;
  }
  console.log(`Demo page   ${demo.sandbox.url}/`);
  console.log(`Bridge      ${demo.bridge.url}  (console: /console, admin token: ${demo.bridge.adminToken})`);
  console.log(`Log         ${demo.logFile}`);
  console.log('Ctrl-C ends everything.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    demo.bridge.child.once('exit', () => resolve());
  });
  await demo.stop();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
