import type { FaultDescription, FaultParameter, FaultTarget } from '#contracts/sandbox/chaos.ts';

export type FaultChoice = {
  /** What the form shows; null when nothing can be armed as the address says. */
  fault: FaultDescription | null;
  target: FaultTarget | null;
  /** Faults of the target that the address names, in the order of the catalogue; empty when it names none. */
  fitting: readonly FaultDescription[];
  /** Why there is no form, and what to do. */
  problem: string | null;
};

/** What an address means: `?target=billing` is the first fault that fits billing, `?fault=latency` its first target. */
export function chooseFault(
  catalogue: readonly FaultDescription[],
  { fault: name, target: id }: { fault: string | null; target: string | null },
): FaultChoice {
  const fitting = id === null ? [] : catalogue.filter((known) => targetOf(known, id) !== null);
  const refused = (problem: string): FaultChoice => ({ fault: null, target: null, fitting, problem });
  if (id !== null && fitting.length === 0) {
    return refused(
      `No fault reaches “${id}”: no process and no edge has this name now. Choose a fault, then its target.`,
    );
  }
  const fault = name === null ? (fitting[0] ?? catalogue[0]) : catalogue.find((known) => known.name === name);
  if (fault === undefined) {
    return name === null
      ? { fault: null, target: null, fitting, problem: null }
      : refused(`There is no fault “${name}”. Choose one from the catalogue.`);
  }
  const target = id === null ? (fault.targets[0] ?? null) : targetOf(fault, id);
  if (target === null && id !== null) {
    return refused(
      `${fault.title} cannot be armed on “${id}”. Choose one that fits it, or another target for this one.`,
    );
  }
  return { fault, target, fitting, problem: null };
}

function targetOf({ targets }: FaultDescription, id: string): FaultTarget | null {
  return targets.find((target) => target.id === id) ?? null;
}

/** The parameters as they are at this target, with what the address gives them as their defaults. */
export function parametersAt(
  { parameters }: Pick<FaultDescription, 'parameters'>,
  target: FaultTarget,
  given: Readonly<Record<string, string>>,
): FaultParameter[] {
  return parameters.map((parameter) => ({
    ...parameter,
    default: given[parameter.name] ?? target.defaults?.[parameter.name] ?? parameter.default,
  }));
}
