import type { Denial } from './denials';

/**
 * An encoded message in an error. Its text is base 64; where something has broken it into lines, the pieces are part of
 * it: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
const ENCODED = /Encoded authorization failure message:\s*([\w+/=-]+(?:\s+[\w+/=-]{40,})*)/gi;

/** Takes the encoded message out of an error, where it has one: it is long, and says nothing to a reader. */
export function takeEncodedMessage(error: Error): string | undefined {
  const encoded = [...error.message.matchAll(ENCODED)].map(([, text]) => text)[0];
  if (encoded === undefined) return undefined;
  error.message = withoutEncoded(error.message);
  if (error.stack !== undefined) error.stack = withoutEncoded(error.stack);
  return encoded;
}

function withoutEncoded(text: string): string {
  return text.replace(ENCODED, '(an encoded authorization message came with it)');
}

/**
 * Reads a decoded message. What stands in it is AWS's, and nowhere promised: what is not as the documents show it is
 * left out.
 */
export function readAuthorizationMessage(decoded: string): Denial | undefined {
  const message = object(attempt(decoded));
  const context = object(message.context);
  const denial = {
    principal: text(object(context.principal).arn),
    action: text(context.action),
    resource: text(context.resource),
    explicit: message.explicitDeny === true,
    statements: items(message.matchedStatements)
      .map((statement) => object(statement).statementId)
      .flatMap((id) => text(id) ?? []),
  };
  const { principal, action, resource } = denial;
  return [principal, action, resource].every((part) => part === undefined) && !denial.explicit ? undefined : denial;
}

function attempt(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function items(value: unknown): readonly unknown[] {
  const list = object(value).items;
  return Array.isArray(list) ? list : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
