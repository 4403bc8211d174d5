/** `node sandbox/compose/render.ts` writes compose/compose.yaml, what it mounts, and nothing else. */
import { writeFiles } from '../exporters/write-files.ts';
import { repository } from '../supervisor/home.ts';
import { packageVersion } from '../supervisor/package-version.ts';
import { fleet } from '../topology.ts';
import { composeFiles } from './compose-file.ts';

await writeFiles(repository, composeFiles(fleet, packageVersion()));
