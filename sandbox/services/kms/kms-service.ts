import { KeyPairs } from '../../crypto/key-pairs';
import type { Iam } from '../../iam/iam';
import { type Call, type Document, type Operation, type Service, ServiceError, type World } from '../service';
import { validation } from './errors';
import { keyOf, keyPermission } from './key-lookup';
import { KmsKeys } from './keys';
import { MESSAGE_BYTES, model } from './model';
import { checkUsable, sign, verify } from './signing';
import { isAsymmetric, signingAlgorithmsOf } from './specs';
import { type Key, type KmsState, keyState } from './state';

/** AWS KMS, as far as signing with asymmetric keys goes. README.md beside this file says more. */
export class KmsService implements Service<KmsState> {
  readonly name = 'kms';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<KmsState>>>;
  private readonly pairs = new KeyPairs('kms');

  constructor() {
    this.operations = {
      Sign: this.onKey('Sign', withMessage(sign)),
      Verify: this.onKey('Verify', withMessage(verify)),
      GetPublicKey: this.onKey('GetPublicKey', publicKey),
      DescribeKey: this.onKey('DescribeKey', describe),
    };
  }

  newState(): KmsState {
    return { keys: new Map(), aliases: new Map() };
  }

  /** Without keys that wait for their deletion: nobody can shorten that. {@link pending} has them. */
  inventory(state: KmsState): readonly string[] {
    const keys = [...state.keys.values()].filter((key) => key.deletionAt === undefined);
    return [...keys.map(({ id }) => `kms key ${id}`), ...[...state.aliases.keys()].map((name) => `kms ${name}`)];
  }

  /** Ids of the keys that wait for their deletion, or are past it. */
  pending(state: KmsState): readonly string[] {
    return [...state.keys.values()].filter((key) => key.deletionAt !== undefined).map(({ id }) => id);
  }

  /** To make keys and aliases without a call. */
  keys(world: World, iam: Iam): KmsKeys {
    return new KmsKeys(world, this, this.pairs, iam);
  }

  private onKey(name: string, handle: (key: Key, input: Document, call: Call) => Document): Operation<KmsState> {
    return {
      permissions: (input, call) => [keyPermission(name, input, call, this)],
      handle: (input, _state, call) => handle(keyOf(input.KeyId, call, this), input, call),
    };
  }
}

function withMessage(work: (key: Key, input: Document, call: Call) => Document): typeof work {
  return (key, input, call) => {
    const { length } = input.Message;
    if (length < 1 || length > MESSAGE_BYTES) {
      throw validation(
        `1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length ` +
          `${length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MESSAGE_BYTES}`}`,
      );
    }
    const answer = work(key, input, call);
    if (input.DryRun === true) {
      throw new ServiceError('DryRunOperationException', 'The request would have succeeded, but DryRun is set.', 412);
    }
    return answer;
  };
}

function publicKey(key: Key, _input: Document, call: Call): Document {
  if (key.pair === undefined || !isAsymmetric(key.spec)) {
    throw new ServiceError('UnsupportedOperationException', `${key.arn} has no public key: it is ${key.spec}`);
  }
  checkUsable(key, call);
  return {
    KeyId: key.arn,
    PublicKey: key.pair.publicKey.export({ format: 'der', type: 'spki' }),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    ...(key.usage === 'SIGN_VERIFY'
      ? { SigningAlgorithms: signingAlgorithmsOf(key.spec) }
      : { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] }),
  };
}

function describe(key: Key, _input: Document, call: Call): Document {
  const state = keyState(key, call.world.clock.now());
  return {
    KeyMetadata: {
      AWSAccountId: key.accountId,
      Arn: key.arn,
      CreationDate: new Date(key.createdAt),
      CustomerMasterKeySpec: key.spec,
      ...(key.deletionAt !== undefined && { DeletionDate: new Date(key.deletionAt) }),
      Description: key.description,
      Enabled: state === 'Enabled',
      KeyId: key.id,
      KeyManager: 'CUSTOMER',
      KeySpec: key.spec,
      KeyState: state,
      KeyUsage: key.usage,
      MultiRegion: key.multiRegion,
      Origin: 'AWS_KMS',
      ...(key.usage === 'SIGN_VERIFY' &&
        isAsymmetric(key.spec) && { SigningAlgorithms: signingAlgorithmsOf(key.spec) }),
    },
  };
}
