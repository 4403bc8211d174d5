'use client';

import { Zap } from 'lucide-react';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { isJudged } from '#components/proof/judged.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Select } from '#components/ui/select.tsx';
import type { FaultDescription, FaultParameter, FaultTarget } from '#contracts/sandbox/chaos.ts';
import { defaultTtlMs } from '#contracts/sandbox/chaos-limits.ts';
import { parametersAt } from './fault-choice.ts';
import { asCli, limitsText, readParameters, ttls } from './fault-texts.ts';

export type FaultFormOrder = {
  fault: string;
  target: string;
  parameters: Record<string, number | string>;
  ttlMs: number;
  seed: string;
};

export type FaultFormProps = {
  fault: FaultDescription;
  /** One of the fault's own; null when it has none now. */
  target: FaultTarget | null;
  /** Parameters that the address gives, by name; they stand in the fields until something else is typed. */
  given: Readonly<Record<string, string>>;
  onTarget: (target: string) => void;
  /** Why nothing can be armed now. */
  blocked: string | null;
  busy: boolean;
  onArm: (order: FaultFormOrder) => void;
};

/** One fault: what it does, whom it touches, how it is set. Fields and limits come from its description. */
export function FaultForm({ fault, target, given, onTarget, blocked, busy, onArm }: FaultFormProps) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [ttlMs, setTtl] = useState(defaultTtlMs);
  const [seed, setSeed] = useState('orrery');
  if (target === null) {
    return (
      <Panel title={fault.title} note={fault.code}>
        <p className="p-4 text-secondary">Nothing that runs now can be its target.</p>
      </Panel>
    );
  }
  const parameters = parametersAt(fault, target, given);
  const { values, errors } = readParameters(parameters, typed);
  const valid = Object.keys(errors).length === 0 && seed.length <= 100;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid && blocked === null && !busy) {
      onArm({ fault: fault.name, target: target.id, parameters: values, ttlMs, seed });
    }
  };
  return (
    <Panel
      title={fault.title}
      note={fault.code}
      actions={<CopyButton value={asCli(fault, { target: target.id, ttlMs, values })} label="Copy as a command" />}
    >
      <dl className="grid gap-x-4 gap-y-1 border-b border-border p-4 md:grid-cols-[7rem_minmax(0,1fr)]">
        <dt className="text-secondary">Does</dt>
        <dd>{fault.mechanism}</dd>
        <dt className="text-secondary">Expect</dt>
        <dd>{fault.expect}</dd>
        {fault.here !== undefined && (
          <>
            <dt className="text-secondary">Here</dt>
            <dd>{fault.here}</dd>
          </>
        )}
        <dt className="text-secondary">Must hold</dt>
        <dd className="flex flex-wrap gap-1">
          {fault.threatens.map((invariant) =>
            isJudged(invariant) ? (
              <Link key={invariant} href={`/proof?verdict=${invariant}`} className="rounded-sm hover:underline">
                <Badge>{invariant}</Badge>
              </Link>
            ) : (
              <Badge key={invariant}>{invariant}, has no verdict</Badge>
            ),
          )}
        </dd>
      </dl>
      <form onSubmit={submit} noValidate aria-label={`Arm ${fault.title}`}>
        <div className="grid gap-3 p-4 md:grid-cols-2">
          <Field label="Target" hint={`Touches ${target.touches.join(', ')}`} className="md:col-span-2">
            {(control) => (
              <Select
                {...control}
                value={target.id}
                onValueChange={onTarget}
                options={fault.targets.map(({ id, label }) => ({ value: id, label }))}
              />
            )}
          </Field>
          {parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              text={typed[parameter.name] ?? String(parameter.default)}
              error={errors[parameter.name] ?? null}
              onText={(text) => setTyped({ ...typed, [parameter.name]: text })}
            />
          ))}
          <Field label="Ends by itself after" hint="also when the console or the supervisor is gone">
            {(control) => (
              <Select
                {...control}
                value={String(ttlMs)}
                onValueChange={(value) => setTtl(Number(value))}
                options={ttls.map((ttl) => ({ value: String(ttl.ttlMs), label: ttl.label }))}
              />
            )}
          </Field>
          <Field label="Seed" hint="same seed, same decisions">
            {(control) => (
              <Input {...control} value={seed} maxLength={100} onChange={(event) => setSeed(event.target.value)} />
            )}
          </Field>
        </div>
        <div className="flex flex-wrap items-center gap-3 border-t border-border px-4 py-3">
          <p className="min-w-0 flex-1 text-sm text-secondary" role="status">
            {blocked ?? ''}
          </p>
          <Button type="submit" variant="primary" size="lg" aria-disabled={!valid || blocked !== null || busy}>
            <Zap aria-hidden />
            Arm
          </Button>
        </div>
      </form>
    </Panel>
  );
}

type ParameterFieldProps = {
  parameter: FaultParameter;
  text: string;
  error: string | null;
  onText: (text: string) => void;
};

function ParameterField({ parameter, text, error, onText }: ParameterFieldProps) {
  const { name, description, type, choices } = parameter;
  const limits = limitsText(parameter);
  return (
    <Field label={name} hint={limits === '' ? description : `${description} (${limits})`} error={error}>
      {(control) =>
        type === 'choice' ? (
          <Select
            {...control}
            value={text}
            onValueChange={onText}
            options={choices.map((choice) => ({ value: choice, label: choice }))}
          />
        ) : (
          <Input
            {...control}
            value={text}
            inputMode={type === 'text' ? undefined : 'decimal'}
            onChange={(event) => onText(event.target.value)}
          />
        )
      }
    </Field>
  );
}
