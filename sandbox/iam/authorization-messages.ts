import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A refusal that was decoded again. */
export interface DecodedMessage {
  /** The account of who was refused. */
  readonly accountId: string;
  /** Virtual time of the refusal. */
  readonly at: number;
  /** JSON. */
  readonly text: string;
}

/**
 * Encodes refusals so that their holder cannot read or change them. AWS does not say how it does that; this is encryption
 * with authentication, so that a message which is cut, put in lower case or broken into lines is worth nothing.
 */
export class AuthorizationMessages {
  private readonly key: Buffer;

  /** Messages of one sandbox mean nothing in another, unless both have the same seed. */
  constructor(
    seed: number,
    private readonly now: () => number,
  ) {
    this.key = createHash('sha256').update(`authorization messages ${seed}`).digest();
  }

  encode(accountId: string, message: object): string {
    const envelope: DecodedMessage = { accountId, at: this.now(), text: JSON.stringify(message) };
    const plain = deflateRawSync(JSON.stringify(envelope));
    // Made from the message itself, so that the same run makes the same text.
    const nonce = createHash('sha256').update(this.key).update(plain).digest().subarray(0, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** `undefined` unless the text is whole and unchanged. */
  decode(text: string): DecodedMessage | undefined {
    const bytes = Buffer.from(text, 'base64url');
    // Base 64 has signs that decoding overlooks, such as line breaks.
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(inflateRawSync(plain).toString());
    } catch {
      return undefined;
    }
  }
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
