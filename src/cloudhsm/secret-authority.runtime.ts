import { createPrivateKey, createPublicKey, type KeyObject, sign, type X509Certificate } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AwsClients } from '../runtime/clients';
import { SettlingError } from '../runtime/errors';
import type { Authority, ClusterIdentity } from './certificate-authority.runtime';
import { isSelfSigned, parseCertificate } from './certificates.runtime';
import { type Signer, SigningAuthority } from './signing-authority.runtime';

/**
 * An authority whose private key is in a secret: `{ "privateKey": PEM, "certificate": PEM }`, or the key alone, and then the
 * root is derived as for a key in KMS. No message shows any of the secret, not even a parser's complaint about it.
 */
export async function secretAuthority(SecretId: string, cluster: ClusterIdentity, aws: AwsClients): Promise<Authority> {
  const client = aws.get(SecretsManagerClient, 'SECRETS_MANAGER');
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  const content = parseSecret(SecretString, SecretId);
  const key = parseKey(content.privateKey, SecretId);
  return new SigningAuthority(signerOf(key), cluster, parseRoot(content.certificate, key, SecretId));
}

function parseSecret(text: string | undefined, secretId: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text ?? '');
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
      return content as Record<string, unknown>;
    }
  } catch {
    // The parser's message would quote the secret.
  }
  throw malformed(secretId, 'it is not a JSON object in the secret string');
}

function parseKey(pem: unknown, secretId: string): KeyObject {
  if (typeof pem !== 'string') throw malformed(secretId, 'it has no text "privateKey"');
  const key = attempt(() => createPrivateKey(pem));
  if (key === undefined) throw malformed(secretId, '"privateKey" is not an unencrypted private key in PEM (PKCS#8)');
  if (key.asymmetricKeyType !== 'rsa') {
    throw malformed(secretId, `"privateKey" is of type ${key.asymmetricKeyType}, and must be RSA`);
  }
  return key;
}

function parseRoot(pem: unknown, key: KeyObject, secretId: string): X509Certificate | undefined {
  if (pem === undefined) return undefined;
  const root = typeof pem === 'string' ? parseCertificate(pem) : undefined;
  if (root === undefined) throw malformed(secretId, '"certificate" is not an X.509 certificate in PEM');
  if (!isSelfSigned(root)) throw malformed(secretId, '"certificate" is not self-signed, and must be the root');
  if (!root.publicKey.equals(createPublicKey(key))) {
    throw malformed(secretId, '"certificate" belongs to another key than "privateKey"');
  }
  return root;
}

function signerOf(key: KeyObject): Signer {
  return {
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }),
    sign: async (content) => sign('sha256', content, key),
  };
}

function malformed(secretId: string, problem: string): SettlingError {
  return new SettlingError(
    `secret ${secretId} cannot serve as certificate authority: ${problem}; it must hold { "privateKey": "<PEM>", "certificate": "<PEM, optional>" }`,
  );
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
