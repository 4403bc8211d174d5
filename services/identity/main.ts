import { runService } from '#kit/service.ts';
import { identityServiceEnv } from './env.ts';
import { startIdentity } from './start.ts';

await runService({ name: 'identity', env: identityServiceEnv, start: startIdentity });
