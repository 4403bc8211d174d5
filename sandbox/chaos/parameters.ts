/** Parameters of a fault as data for forms and help, and back from what was typed in. */
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { FaultParameter } from '#contracts/sandbox/chaos.ts';
import type { Fault, Parameters } from './fault.ts';

type Property = {
  type?: string;
  enum?: string[];
  description?: string;
  default?: number | string;
  minimum?: number;
  maximum?: number;
};

/** The fields of the schema in order. Throws when one lacks what a form needs: that is a mistake in the registry. */
export function describeParameters(fault: Fault): FaultParameter[] {
  const { properties = {} } = z.toJSONSchema(fault.parameters, { io: 'input' }) as {
    properties?: Record<string, Property>;
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, default: fallback, minimum = null, maximum = null, enum: choices = [] } = property;
    const type = choices.length > 0 ? 'choice' : property.type === 'string' ? 'text' : property.type;
    if (description === undefined || fallback === undefined) throw new Error(`${fault.name}.${name} is not described`);
    if (type !== 'choice' && type !== 'text' && type !== 'integer' && type !== 'number') {
      throw new Error(`${fault.name}.${name}: no form for ${type}`);
    }
    if ((type === 'integer' || type === 'number') && (minimum === null || maximum === null)) {
      throw new Error(`${fault.name}.${name} has no limits`);
    }
    return { name, description, type, default: fallback, minimum, maximum, choices };
  });
}

/** Checks what was given; missing fields get their defaults. Throws `unprocessable` that names each wrong field. */
export function parseParameters(fault: Fault, given: Record<string, unknown>): Parameters {
  const parsed = fault.parameters.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  throw new AppError('unprocessable', `${fault.name}: ${issues.join('; ')}`);
}
