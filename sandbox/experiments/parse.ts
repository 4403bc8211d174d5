/** Experiment files: text in, an experiment or an error that says where and what. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import { AppError } from '#contracts/errors.ts';
import { Experiment } from '#contracts/sandbox/experiment-file.ts';

const mostShown = 8;

/** YAML, of which JSON is a part. Throws `invalid_argument` with `file:line: path: what is wrong`, one line per mistake. */
export function parseExperiment(text: string, file: string): Experiment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new AppError('invalid_argument', `${at(broken.pos[0])}: ${broken.message.split('\n')[0]?.replace(/:$/, '')}`);
  }
  const parsed = Experiment.safeParse(toValue(document, file));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => {
    const offset = offsetOf(document, path);
    return `${offset === null ? file : at(offset)}: ${[pathText(path), message].filter(Boolean).join(': ')}`;
  });
  const more = issues.length > mostShown ? [`… and ${issues.length - mostShown} more`] : [];
  throw new AppError('invalid_argument', [...issues.slice(0, mostShown), ...more].join('\n'));
}

/** Aliases can unfold into more than memory holds; the parser refuses that with an error of its own. */
function toValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new AppError('invalid_argument', `${file}: ${(cause as Error).message}`, { cause });
  }
}

/** Where the value is, or the nearest thing around it that there is. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}

/** `method[2].provider.target`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
