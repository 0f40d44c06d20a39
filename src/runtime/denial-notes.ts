import { type Caller, type Denial, denialRemedy, parseDenial } from './denials';

/** What is known of a denied call beside its error. */
export interface DenialNote extends Caller {
  /** What has become of the encoded message that came with the error. */
  readonly encoded?: EncodedMessage;
}

export type EncodedMessage =
  /** `explainDenials` is off. */
  | { readonly kind: 'not decoded' }
  | { readonly kind: 'decoded'; readonly denial: Denial }
  /** The caller lacks the permission to decode. */
  | { readonly kind: 'denied' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Not properties of the errors: Lambda logs those of errors that nobody catches, and a decoded message is privileged. */
const NOTES = new WeakMap<Error, DenialNote>();

export function noteDenial(error: Error, note: DenialNote): void {
  NOTES.set(error, note);
}

/** Whether something is known of an error of a call that calls for an explanation. */
export function isNoted(error: unknown): boolean {
  return error instanceof Error && NOTES.has(error);
}

/** What was denied, why, and what to do about it. */
export function explainDenial(error: unknown): string {
  const note = error instanceof Error ? NOTES.get(error) : undefined;
  const said = parseDenial(error instanceof Error ? error.message : String(error));
  const { encoded } = note ?? {};
  if (encoded?.kind !== 'decoded') {
    return [denialRemedy(said, note), encodedRemedy(encoded, note)].filter((part) => part !== undefined).join('; ');
  }
  const denial = together(said, encoded.denial);
  return `${decodedSentence(denial)}; ${denialRemedy(denial, note)}`;
}

/** AWS's words tell the kind of policy, and the decoded message the rest. */
function together(said: Denial, decoded: Denial): Denial {
  return {
    principal: decoded.principal ?? said.principal,
    action: decoded.action ?? said.action,
    resource: decoded.resource ?? said.resource,
    policy: said.policy,
    explicit: decoded.explicit || said.explicit,
    statements: decoded.statements,
  };
}

function decodedSentence({ principal, action, resource, explicit }: Denial): string {
  const reason = explicit ? 'an explicit deny' : 'no statement allows it';
  return `decoded: ${principal ?? 'the caller'} may not ${action ?? 'do this'} on ${resource ?? 'the resource'}: ${reason}`;
}

function encodedRemedy(encoded: EncodedMessage | undefined, note: DenialNote | undefined): string | undefined {
  const role = note?.roleArn;
  switch (encoded?.kind) {
    case 'not decoded':
      return `to have the encoded message decoded, use sts.Denials.explain(stack)${role === undefined ? '' : ' and explainDenials of DelegatedRole'}`;
    case 'denied':
      return `the encoded message could not be decoded: add {"Effect":"Allow","Action":"sts:DecodeAuthorizationMessage","Resource":"*"} to ${role === undefined ? 'the role that made the call' : `the role ${role}, as explainDenials of DelegatedRole does`}`;
    case 'failed':
      return `the encoded message could not be decoded: ${encoded.reason}`;
    default:
      return undefined;
  }
}
