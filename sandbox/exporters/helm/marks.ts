/**
 * The chart is made from the same objects as the base: marks stand where a stage would have values, and are replaced by
 * template expressions after the objects have been written as YAML. So chart and base cannot drift apart.
 */

/** How the expression of a mark is written: as text in quotes, bare, as a block, or as a line that may be missing. */
type Mode = { as: 'text' } | { as: 'bare' } | { as: 'block' } | { as: 'line'; when: string };

export type Marks = {
  /** A text or part of one. */
  text(expression: string): string;
  /** A number. The type is a promise: the mark takes its place until the chart is rendered. */
  number(expression: string): number;
  /** A mapping that fills the lines below its key. */
  block(expression: string): object;
  /** A number whose whole line is there only when `when` holds. */
  optionalNumber(expression: string, when: string): number;
  /** Puts the expressions in the place of the marks. */
  resolve(yaml: string): string;
};

export function createMarks(): Marks {
  const expressions: { expression: string; mode: Mode }[] = [];
  const add = (expression: string, mode: Mode): string => {
    const known = expressions.findIndex((entry) => entry.expression === expression && entry.mode.as === mode.as);
    const index = known >= 0 ? known : expressions.push({ expression, mode }) - 1;
    return `MARK${String(index).padStart(4, '0')}`;
  };
  const at = (digits: string) => {
    const entry = expressions[Number(digits)];
    if (entry === undefined) throw new Error(`mark ${digits} stands for nothing`);
    return entry;
  };
  return {
    text: (expression) => add(expression, { as: 'text' }),
    number: (expression) => add(expression, { as: 'bare' }) as unknown as number,
    block: (expression) => add(expression, { as: 'block' }) as unknown as object,
    optionalNumber: (expression, when) => add(expression, { as: 'line', when }) as unknown as number,
    resolve(yaml) {
      return yaml
        .replace(/^( *)([\w-]+): MARK(\d{4})$/gm, (whole, indent: string, key: string, digits: string) => {
          const { expression, mode } = at(digits);
          if (mode.as === 'block')
            return `${indent}${key}:\n${indent}  {{- toYaml ${expression} | nindent ${indent.length + 2} }}`;
          if (mode.as === 'line')
            return `${indent}{{- if ${mode.when} }}\n${indent}${key}: {{ ${expression} }}\n${indent}{{- end }}`;
          return whole;
        })
        .replace(/(: |- )MARK(\d{4})$/gm, (_, before: string, digits: string) => {
          const { expression, mode } = at(digits);
          return `${before}{{ ${expression}${mode.as === 'text' ? ' | quote' : ''} }}`;
        })
        .replace(/MARK(\d{4})/g, (_, digits: string) => `{{ ${at(digits).expression} }}`);
    },
  };
}
