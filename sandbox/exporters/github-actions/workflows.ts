/** `.github/`: check, build, sign, and carry a digest from stage to stage. Written as text, since pins carry comments. */
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { textFile } from '../file.ts';
import type { Plan } from '../plan.ts';
import { ciWorkflow } from './ci.ts';
import { promoteWorkflow } from './promote.ts';
import { releaseWorkflow } from './release.ts';
import { canaryScript, smokeScript } from './scripts.ts';

export function workflowFiles(plan: Plan): ExportFile[] {
  return [
    textFile('.github/workflows/ci.yml', ciWorkflow()),
    textFile('.github/workflows/release.yml', releaseWorkflow(plan)),
    textFile('.github/workflows/promote.yml', promoteWorkflow(plan)),
    textFile('.github/dependabot.yml', dependabot),
    textFile('.github/scripts/smoke.sh', smokeScript),
    textFile('.github/scripts/canary.sh', canaryScript),
  ];
}

const dependabot = `
version: 2
updates:
  - package-ecosystem: github-actions
    directory: /
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
  - package-ecosystem: npm
    directory: /
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
  - package-ecosystem: docker
    directory: /compose
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
`;
