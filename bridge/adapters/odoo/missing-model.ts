// Odoo has no model of this name: for the gateway's own, that says that our addon is not installed there.
import { BridgeError } from '../../core/errors.ts';

export class MissingModel extends BridgeError {
  constructor() {
    super('upstream_rejected', 'Odoo has no such model: check that the addon universal_integrator is installed.');
  }
}

/** Odoo's own words, from version 14 on: "Object x doesn't exist", "the model 'x' does not exist". */
export function saysMissingModel(text: string): boolean {
  return (
    /\b(?:model|object)\b.{1,100}\bdoes(?: not|n['’]t) exist/is.test(text) ||
    /KeyError: ['"][a-z_]+\.[a-z_.]+['"]/.test(text)
  );
}
