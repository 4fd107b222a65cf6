// What went wrong in an XML-RPC call, as one of our errors. A fault of number 1 carries a whole traceback, and the packages
// hang request (with the secret) and response on their errors: none of that leaves this file.
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import { MissingModel, saysMissingModel } from './missing-model.ts';
import { quoted } from './quoted.ts';

/** Numbers as in Odoo's addons/rpc/controllers/xmlrpc.py. */
const application = 1;
const userError = 2;
const accessDenied = 3;
const accessError = 4;

const Fault = z.object({ faultCode: z.number(), faultString: z.string() });
const NetworkTrouble = z.object({ code: z.string(), message: z.string() });
const Answered = z.object({ res: z.object({ statusCode: z.number() }) });

/** The user's id or key no longer holds: worth one new authentication. */
export function isAccessDenied(error: unknown): boolean {
  return Fault.safeParse(error).data?.faultCode === accessDenied;
}

/** XML-RPC cannot carry Python's None: Odoo did all of the call and failed at writing its answer. */
export function isDoneWithoutAnswer(error: unknown): boolean {
  const fault = Fault.safeParse(error).data;
  return fault?.faultCode === application && fault.faultString.includes('cannot marshal None');
}

export function refusalOf(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  const fault = Fault.safeParse(error).data;
  if (fault) return refusalOfFault(fault);
  const status = Answered.safeParse(error).data?.res.statusCode;
  const trouble = NetworkTrouble.safeParse(error).data;
  if (status === undefined || trouble) {
    const cause = trouble && new Error(`${trouble.code}: ${trouble.message}`);
    return new BridgeError('upstream_unavailable', 'Odoo does not answer.', { cause });
  }
  return refusalOfStatus(status);
}

function refusalOfFault({ faultCode, faultString }: z.infer<typeof Fault>): BridgeError {
  const said = faultString.trim();
  switch (faultCode) {
    case userError:
      if (saysMissingModel(said)) return new MissingModel();
      return new BridgeError('upstream_rejected', `Odoo refused the call. ${quoted(said)}`);
    case accessDenied:
      return new BridgeError('upstream_rejected', 'The Odoo key was refused: it is wrong or has ended.');
    case accessError:
      return new BridgeError('upstream_rejected', `The Odoo user may not use the gateway. ${quoted(said)}`);
    default:
      return refusalOfTraceback(faultString);
  }
}

/** The same code as for an error 500 of JSON-2; only a missing database can be told from the text. */
function refusalOfTraceback(traceback: string): BridgeError {
  if (saysMissingModel(traceback)) return new MissingModel();
  if (/database "[^"]*" does not exist/.test(traceback)) {
    return new BridgeError('upstream_rejected', 'Odoo knows no such database: check its name.');
  }
  return new BridgeError('upstream_unavailable', 'Odoo failed inside; its own log says why.');
}

function refusalOfStatus(status: number): BridgeError {
  if (status === 404) {
    return new BridgeError('upstream_rejected', 'There is no XML-RPC at this address: check it.');
  }
  if (status >= 300 && status < 400) {
    return new BridgeError('upstream_rejected', `Odoo points elsewhere (${status}): use the address it redirects to.`);
  }
  if (status === 401 || status === 403) {
    return new BridgeError('upstream_rejected', `Something in front of Odoo refused the call (${status}).`);
  }
  const what = status >= 400 ? `${status}` : 'something else than XML-RPC: check the address';
  return new BridgeError('upstream_unavailable', `Odoo answered ${what}.`);
}
