/**
 * YAML that every parser reads alike. Kubernetes, Helm, Compose and GitHub parse with YAML 1.1 rules or near to them,
 * where `on`, `yes`, `0o17` or `12:30` are no strings; so documents are written for 1.1, whose quoting is a superset.
 */
import { Document } from 'yaml';

/** One YAML document without a marker in front. `comment` becomes `#` lines at the top. */
export function toYaml(value: unknown, comment?: string): string {
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false });
  if (comment !== undefined) document.commentBefore = comment.replace(/^/gm, ' ');
  return document.toString({ lineWidth: 0, directives: false });
}
