import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { AwsClients } from '../runtime/clients';
import { SettlingError } from '../runtime/errors';
import type { Authority, ClusterIdentity } from './certificate-authority.runtime';
import { type Signer, SigningAuthority } from './signing-authority.runtime';

/** Deterministic, so that a repetition signs the same root. */
const ALGORITHM = 'RSASSA_PKCS1_V1_5_SHA_256';

/** An authority whose private key never exists outside of KMS. */
export async function kmsAuthority(KeyId: string, cluster: ClusterIdentity, aws: AwsClients): Promise<Authority> {
  return new SigningAuthority(await kmsSigner(aws.get(KMSClient, 'KMS'), KeyId), cluster);
}

async function kmsSigner(kms: KMSClient, KeyId: string): Promise<Signer> {
  const { PublicKey, KeyUsage, KeySpec, SigningAlgorithms } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  if (PublicKey === undefined || !SigningAlgorithms?.includes(ALGORITHM)) {
    throw new SettlingError(
      `KMS key ${KeyId} (${KeySpec}, ${KeyUsage}) cannot sign with ${ALGORITHM}; use an RSA key for SIGN_VERIFY`,
    );
  }
  return {
    publicKey: PublicKey,
    sign: async (content) => {
      // As a digest: KMS takes messages of at most 4,096 bytes.
      const { Signature } = await kms.send(
        new SignCommand({
          KeyId,
          SigningAlgorithm: ALGORITHM,
          MessageType: 'DIGEST',
          Message: createHash('sha256').update(content).digest(),
        }),
      );
      return Signature ?? new Uint8Array();
    },
  };
}
