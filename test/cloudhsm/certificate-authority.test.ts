import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CertificateAuthority, Cluster, ClusterInitialization } from '../../src/cloudhsm';
import { RoleAssumption } from '../../src/sts';
import { clusterWith, INITIALIZATION, irishStack, templateOf, vpcWithZones } from '../support/clusters';
import { filledIn, type Json, messageOf, onlyResource, resourcesOf } from '../support/synthesis';

const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1';
const PRIVATE_CA = 'arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/1';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:pki';
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** The template of a cluster with an authority that is made in its stack. */
function withAuthority(make: (stack: Stack) => CertificateAuthority): Template {
  const stack = irishStack();
  new Cluster(stack, 'Cluster', { vpc: vpcWithZones(stack, 1), initialization: make(stack) });
  return Template.fromStack(stack);
}

function properties(template: Template): Json {
  return onlyResource(template, INITIALIZATION).Properties;
}

/** What the handler may do for the authority, in the policy on which the initialization depends. */
function granted(template: Template): Json[] {
  const { DependsOn } = onlyResource(template, INITIALIZATION);
  const policies = (DependsOn as string[]).flatMap((id) => template.findResources('AWS::IAM::Policy')[id] ?? []);
  expect(policies).toHaveLength(1);
  return policies[0]!.Properties.PolicyDocument.Statement.slice(1).map((statement: Json) => filledIn(statement));
}

describe('KMS', () => {
  test('signs by default, with an asymmetric key that is made for it', () => {
    const template = templateOf(clusterWith());
    const [keyId] = Object.keys(template.findResources('AWS::KMS::Key'));
    expect(onlyResource(template, 'AWS::KMS::Key').Properties).toMatchObject({
      KeySpec: 'RSA_4096',
      KeyUsage: 'SIGN_VERIFY',
    });
    expect(properties(template).CertificateAuthority).toEqual({
      Kind: 'kms',
      KeyId: { 'Fn::GetAtt': [keyId, 'Arn'] },
    });
  });

  test('signs with a key that is given, and may do no more with it', () => {
    const template = withAuthority((stack) => CertificateAuthority.kms(kms.Key.fromKeyArn(stack, 'Key', KEY)));
    expect(properties(template).CertificateAuthority).toEqual({ Kind: 'kms', KeyId: KEY });
    template.resourceCountIs('AWS::KMS::Key', 0);
    expect(granted(template)).toEqual([
      { Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: KEY },
      {
        Effect: 'Allow',
        Action: 'kms:Sign',
        Resource: KEY,
        Condition: { StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' } },
      },
    ]);
  });

  test('needs a key of the other account with assumeRole', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm');
    expect(messageOf(() => clusterWith({ assumeRole }))).toBe(
      'Stack/Cluster: initialization cannot make a key in the account or region of assumeRole; pass CertificateAuthority.kms(key) with a key of that place, or another authority',
    );
  });
});

test('Private CA issues the certificate, and the handler may do no more with it', () => {
  const template = withAuthority((stack) =>
    CertificateAuthority.privateCa(
      acmpca.CertificateAuthority.fromCertificateAuthorityArn(stack, 'Authority', PRIVATE_CA),
    ),
  );
  expect(properties(template).CertificateAuthority).toEqual({ Kind: 'privateCa', AuthorityArn: PRIVATE_CA });
  expect(granted(template)).toEqual([
    {
      Effect: 'Allow',
      Action: ['acm-pca:GetCertificate', 'acm-pca:GetCertificateAuthorityCertificate', 'acm-pca:IssueCertificate'],
      Resource: PRIVATE_CA,
    },
  ]);
  template.resourceCountIs('AWS::KMS::Key', 0);
});

describe('a secret', () => {
  test('signs by its whole ARN', () => {
    const template = withAuthority((stack) =>
      CertificateAuthority.secret(secretsmanager.Secret.fromSecretCompleteArn(stack, 'Pki', `${SECRET}-abcdef`)),
    );
    expect(properties(template).CertificateAuthority).toEqual({ Kind: 'secret', SecretArn: `${SECRET}-abcdef` });
    expect(granted(template)).toEqual([
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: `${SECRET}-abcdef` },
    ]);
  });

  test('that is known without its suffix may be read with any', () => {
    const template = withAuthority((stack) =>
      CertificateAuthority.secret(secretsmanager.Secret.fromSecretPartialArn(stack, 'Pki', SECRET)),
    );
    expect(granted(template)[0].Resource).toBe(`${SECRET}-??????`);
  });

  test('with a key of its own may be decrypted, through Secrets Manager only', () => {
    const template = withAuthority((stack) => {
      const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', KEY);
      const secretCompleteArn = `${SECRET}-abcdef`;
      return CertificateAuthority.secret(
        secretsmanager.Secret.fromSecretAttributes(stack, 'Pki', { encryptionKey, secretCompleteArn }),
      );
    });
    expect(granted(template)[1]).toEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: KEY,
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
    });
  });
});

describe('a signature that is made elsewhere', () => {
  const { external } = CertificateAuthority;

  test('is missing in the first deployment, which ends with the certificate request', () => {
    const cluster = clusterWith({ initialization: external() });
    expect(cluster.trustAnchorParameter).toBeUndefined();
    const request = Stack.of(cluster).resolve(cluster.certificateRequestParameter?.parameterName);
    const template = templateOf(cluster);
    const [id] = Object.keys(template.findResources(INITIALIZATION));
    expect(request).toEqual({ 'Fn::GetAtt': [id, 'CertificateRequestParameterName'] });
    expect(properties(template).CertificateAuthority).toEqual({ Kind: 'external' });
    expect(filledIn(properties(template).CertificateRequestParameter)).toMatch(
      /^\/cdk-settled\/Stack\/Stack-Cluster-Initialization-[0-9A-F]{8}\/certificate-request$/,
    );
    template.resourceCountIs('AWS::CodeBuild::Project', 0);
  });

  test('initializes and activates the cluster in the second deployment', () => {
    const cluster = clusterWith({ initialization: external({ signedCertificate: PEM, trustAnchor: PEM }) });
    expect(cluster.certificateRequestParameter).toBeUndefined();
    expect(cluster.trustAnchorParameter).toBeDefined();
    const template = templateOf(cluster);
    expect(properties(template).CertificateAuthority).toEqual({
      Kind: 'external',
      SignedCertificate: PEM,
      TrustAnchor: PEM,
    });
    template.resourceCountIs('AWS::CodeBuild::Project', 1);
  });

  test.each([{ signedCertificate: PEM }, { trustAnchor: PEM }])('is one of two that belong together: %j', (options) => {
    expect(messageOf(() => external(options))).toBe(
      'cloudhsm.CertificateAuthority.external: signedCertificate and trustAnchor belong together; pass both, or neither to get the certificate request',
    );
  });

  test.each([
    'MIIB',
    `x${PEM}`,
    PEM.repeat(2),
    '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----',
  ])('is a certificate in PEM, and not %j', (trustAnchor) => {
    expect(messageOf(() => external({ signedCertificate: PEM, trustAnchor }))).toContain(
      'trustAnchor must be one certificate in PEM (-----BEGIN CERTIFICATE-----…)',
    );
  });

  test('has at most 20,000 characters', () => {
    const ofLength = (length: number) => PEM.replace('MIIB', 'M'.repeat(length - PEM.length + 4));
    const make = (length: number) => external({ signedCertificate: ofLength(length), trustAnchor: PEM });
    expect(() => make(20_000)).not.toThrow();
    expect(messageOf(() => make(20_001))).toContain('signedCertificate must have 1 to 20000 characters');
  });
});

describe('the trust anchor', () => {
  const cluster = clusterWith();
  const stack = Stack.of(cluster);
  const value = stack.resolve(cluster.trustAnchorParameter?.stringValue);
  const template = templateOf(cluster);
  const [initializationId] = Object.keys(template.findResources(INITIALIZATION));

  test('stands in a parameter below a path of the stack', () => {
    expect(filledIn(properties(template).TrustAnchorParameter)).toMatch(
      /^\/cdk-settled\/Stack\/Stack-Cluster-Initialization-[0-9A-F]{8}\/trust-anchor$/,
    );
  });

  test('can be read in the same stack: what reads it waits until it is written', () => {
    expect(JSON.stringify(value)).toContain(
      JSON.stringify({ 'Fn::GetAtt': [initializationId, 'TrustAnchorParameterName'] }),
    );
    expect(JSON.stringify(value)).toContain('{{resolve:ssm:');
  });

  test('of two clusters stands in two parameters', () => {
    const two = irishStack();
    const vpc = vpcWithZones(two, 1);
    for (const id of ['A', 'B']) new Cluster(two, id, { vpc });
    const names = resourcesOf(Template.fromStack(two), INITIALIZATION).map(({ Properties }) =>
      filledIn(Properties.TrustAnchorParameter),
    );
    expect(new Set(names).size).toBe(2);
  });
});

test('a cluster that was made elsewhere can be initialized, with a key that is retained', () => {
  const stack = irishStack();
  const cluster = Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk');
  const initialization = new ClusterInitialization(stack, 'Initialization', { cluster });
  expect(stack.resolve(initialization.clusterState)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'State'] });
  const template = Template.fromStack(stack);
  expect(properties(template)).toMatchObject({
    ClusterId: 'cluster-abcdefghijk',
    CertificateAuthority: { Kind: 'kms' },
  });
  expect(onlyResource(template, 'AWS::KMS::Key').UpdateReplacePolicy).toBe('Retain');
});
