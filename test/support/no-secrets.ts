import type { Sandbox } from '../../sandbox/sandbox';

/**
 * Fails when anything secret has come out of a sandbox: a credential of any kind, a token or assertion that was shown to
 * STS or Cognito, a decoded refusal as a whole, or the address that a custom resource's answer goes to. Looked at are all
 * lines that functions printed, the reasons in stack events, the answers of custom resources, and what Step Functions keeps
 * of executions. The ids of temporary keys (ASIA…) are not secret by themselves, but nobody has a reason to print them.
 */
export function expectNoSecrets(sandbox: Sandbox): void {
  expect(leaksOf(sandbox)).toEqual([]);
}

/** What came out, and where: never the secret itself. */
export function leaksOf(sandbox: Sandbox): string[] {
  const secrets = secretsOf(sandbox);
  const fragments = new Map<string, string>();
  for (const { kind, text } of secrets) {
    for (const form of new Set([text, encodeURIComponent(text)])) {
      for (const fragment of fragmentsOf(form)) fragments.set(fragment, kind);
    }
  }
  const leaks = placesOf(sandbox).flatMap(({ place, text }) =>
    [...kindsIn(text, fragments)].filter((kind) => !isExpected(kind, place)).map((kind) => `${kind} in ${place}`),
  );
  return [...new Set(leaks)];
}

interface Secret {
  readonly kind: string;
  readonly text: string;
}

function secretsOf(sandbox: Sandbox): readonly Secret[] {
  const issued = sandbox.credentials.issued().flatMap(({ accessKeyId, secretAccessKey, sessionToken }) => [
    // A user's own key id is the name of a resource, which templates and events show.
    ...(sessionToken === undefined ? [] : [{ kind: 'the id of a temporary key', text: accessKeyId }]),
    { kind: 'a secret key', text: secretAccessKey },
    ...(sessionToken === undefined ? [] : [{ kind: 'a session token', text: sessionToken }]),
  ]);
  const addresses = sandbox.receiver.addresses.map((text) => ({ kind: RESPONSE_ADDRESS, text: text.split('?')[1]! }));
  return [...issued, ...addresses, ...sandbox.journal.calls.flatMap(({ input }) => sentSecrets(sandbox, input))];
}

/** The secrets that a caller has shown. */
function sentSecrets({ iam }: Sandbox, input: unknown): readonly Secret[] {
  const { WebIdentityToken, SAMLAssertion, Logins, EncodedMessage } = (input ?? {}) as Readonly<
    Record<string, unknown>
  >;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return [
    { kind: 'a web identity token', text: signedPart(text(WebIdentityToken)) },
    ...Object.values(Logins ?? {}).map((token) => ({ kind: 'a login', text: signedPart(text(token)) })),
    { kind: 'a SAML assertion', text: text(SAMLAssertion) },
    { kind: 'a decoded refusal as a whole', text: partOf(iam.messages.decode(text(EncodedMessage))?.text ?? '') },
  ].filter((secret) => secret.text !== '');
}

/** Who may not do what with what is told from it; the whole has this as well, however it is quoted. */
function partOf(refusal: string): string {
  return /matchedStatements/.exec(refusal)?.[0] ?? '';
}

/** The header of a token is the same in all of them. */
function signedPart(token: string): string {
  return token.slice(token.indexOf('.') + 1);
}

const RESPONSE_ADDRESS = 'the signature of a response address';

/**
 * The provider framework of CDK hands the address to its waiter, which answers at last: so Step Functions always knows it.
 * And when the waiter gives up, the framework prints what it was given, just before it answers.
 */
function isExpected(kind: string, place: string): boolean {
  return kind === RESPONSE_ADDRESS && /^(the input of an execution|a line of .*frameworkonTimeout)/.test(place);
}

function placesOf(sandbox: Sandbox): ReadonlyArray<{ readonly place: string; readonly text: string }> {
  const executions = sandbox
    .places()
    .flatMap(({ accountId, region }) => sandbox.stateMachines.executions(accountId, region));
  return [
    ...sandbox.functions.logs.map(({ functionName, text }) => ({ place: `a line of ${functionName}`, text })),
    ...sandbox.stacks
      .events()
      .map(({ logicalId, reason = '' }) => ({ place: `an event of ${logicalId}`, text: reason })),
    ...sandbox.receiver.answers.map(({ body }) => ({ place: `the answer of ${resourceOf(body)}`, text: body })),
    ...executions.flatMap(({ name, input, output = '', error = '', cause = '' }) => [
      { place: `the input of an execution of ${name}`, text: input },
      { place: `the outcome of an execution of ${name}`, text: [output, error, cause].join('\n') },
    ]),
  ];
}

function resourceOf(body: string): string {
  return /"LogicalResourceId":"(\w+)"/.exec(body)?.[1] ?? 'nobody';
}

const LENGTH = 16;

/** Pieces that lie side by side: whatever has more than twice their length of a secret contains one of them. */
function* fragmentsOf(secret: string): Iterable<string> {
  if (secret.length < LENGTH) throw new Error(`a secret of ${secret.length} characters cannot be told from other text`);
  for (let at = 0; at + LENGTH <= secret.length; at += LENGTH) yield secret.slice(at, at + LENGTH);
  yield secret.slice(-LENGTH);
}

function kindsIn(text: string, fragments: ReadonlyMap<string, string>): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (let at = 0; at + LENGTH <= text.length; at++) {
    const kind = fragments.get(text.slice(at, at + LENGTH));
    if (kind !== undefined) kinds.add(kind);
  }
  return kinds;
}
