import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { ExportFault, ExportField, ExportForm as Form } from '#contracts/sandbox/export.ts';
import { type ChosenOptions, choose } from './chosen-options.ts';

export type ExportFormProps = {
  form: Form;
  targets: readonly string[];
  onTargets: (targets: string[]) => void;
  options: ChosenOptions;
  onOptions: (options: ChosenOptions) => void;
  faults: readonly ExportFault[];
};

/** What is rendered, and how. Every change shows in the files at once. */
export function ExportForm({ form, targets, onTargets, options, onOptions, faults }: ExportFormProps) {
  return (
    <div className="flex flex-col gap-4 p-4">
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1.5 text-sm font-semibold">Targets</legend>
        {form.targets.map((target) => (
          <Choice
            key={target}
            id={`target-${target}`}
            label={target}
            checked={targets.includes(target)}
            onChange={(on) => onTargets(form.targets.filter((one) => (one === target ? on : targets.includes(one))))}
          />
        ))}
        {targets.length === 0 ? <p className="text-sm text-error">Choose at least one target.</p> : null}
      </fieldset>
      {form.groups.map(({ title, fields }) => (
        <fieldset key={title} className="flex flex-col gap-3 border-t border-border pt-3">
          <legend className="float-left w-full text-sm font-semibold">{title}</legend>
          {fields.map((field) => (
            <Option
              key={field.name}
              field={field}
              value={options[field.name] ?? field.value}
              error={faults.find(({ option }) => option === field.name)?.message ?? null}
              onChange={(value) => onOptions(choose(options, field.name, value, field.value))}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

type OptionProps = { field: ExportField; value: string; error: string | null; onChange: (value: string) => void };

function Option({ field, value, error, onChange }: OptionProps) {
  if (field.kind === 'choices') {
    const chosen = value.split(',').filter(Boolean);
    return (
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 text-sm font-medium text-secondary">{field.name}</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1.5">
          {field.choices.map((choice) => (
            <Choice
              key={choice}
              id={`${field.name}-${choice}`}
              label={choice}
              checked={chosen.includes(choice)}
              onChange={(on) =>
                onChange(field.choices.filter((one) => (one === choice ? on : chosen.includes(one))).join(','))
              }
            />
          ))}
        </div>
        <p className={error ? 'text-sm text-error' : 'text-sm text-tertiary'}>{error ?? field.description}</p>
      </fieldset>
    );
  }
  return (
    <Field label={field.name} hint={field.description} error={error}>
      {(control) =>
        field.kind === 'choice' ? (
          <Select
            {...control}
            value={value}
            onValueChange={onChange}
            options={field.choices.map((choice) => ({ value: choice, label: choice }))}
          />
        ) : (
          <Input
            {...control}
            value={value}
            inputMode={field.kind === 'number' ? 'numeric' : undefined}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

function Choice(props: { id: string; label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label htmlFor={props.id} className="inline-flex h-6 items-center gap-2 text-base">
      <Checkbox id={props.id} checked={props.checked} onCheckedChange={(on) => props.onChange(on === true)} />
      {props.label}
    </label>
  );
}
