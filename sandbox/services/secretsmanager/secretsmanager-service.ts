import type { Permission } from '../../iam/principal';
import type { Call, Document, Operation, Service, World } from '../service';
import { notFound } from './errors';
import { model } from './model';
import { existing, Secrets } from './secrets';
import { findSecret, type Secret, type SecretsState, stagesOf, type Version } from './state';

/** AWS Secrets Manager, as far as reading goes. README.md beside this file says more. */
export class SecretsManagerService implements Service<SecretsState> {
  readonly name = 'secretsmanager';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<SecretsState>>> = {
    GetSecretValue: {
      permissions: (input, call, state) => [permission('GetSecretValue', input, call, state)],
      handle: (input, state) => getValue(existing(state, input.SecretId), input),
    },
    DescribeSecret: {
      permissions: (input, call, state) => [permission('DescribeSecret', input, call, state)],
      handle: (input, state) => describe(existing(state, input.SecretId)),
    },
  };

  newState(): SecretsState {
    return { secrets: new Map(), values: new Set() };
  }

  inventory(state: SecretsState): readonly string[] {
    return [...state.secrets.keys()].map((name) => `secret ${name}`);
  }

  /** Every value that there ever was, deleted ones too: a test can look whether a log has one of them. */
  secretValues(state: SecretsState): readonly string[] {
    return [...state.values];
  }

  /** To make and change secrets without a call. */
  secrets(world: World): Secrets {
    return new Secrets(world, this);
  }
}

/** Actions, ARN and keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
function permission(action: string, input: Document, call: Call, state: SecretsState): Permission {
  const { world, region, accountId } = call;
  const secret = findSecret(state, input.SecretId);
  const named = /^arn:/.test(input.SecretId)
    ? input.SecretId
    : `arn:${world.partition}:secretsmanager:${region}:${accountId}:secret:${input.SecretId}`;
  const tags = Object.entries(secret?.tags ?? {}).flatMap(([key, value]) =>
    ['aws:ResourceTag', 'secretsmanager:ResourceTag'].map((name) => [`${name}/${key}`, value]),
  );
  return {
    action: `secretsmanager:${action}`,
    resource: secret?.arn ?? named,
    context: {
      'secretsmanager:SecretId': input.SecretId,
      'secretsmanager:VersionStage': input.VersionStage ?? 'AWSCURRENT',
      ...Object.fromEntries(tags),
    },
  };
}

function getValue(secret: Secret, input: Document): Document {
  const version = findVersion(secret, input.VersionId, input.VersionStage);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value,
    VersionStages: stagesOf(secret, version),
    CreatedDate: new Date(version.createdAt),
  };
}

function findVersion(secret: Secret, id: string | undefined, stage: string | undefined): Version {
  const wanted = stage ?? (id === undefined ? 'AWSCURRENT' : undefined);
  const found = secret.versions.find(
    (version) =>
      (id === undefined || version.id === id) && (wanted === undefined || stagesOf(secret, version).includes(wanted)),
  );
  if (found !== undefined) return found;
  const what = wanted === undefined ? `VersionId: ${id}` : `staging label: ${wanted}`;
  throw notFound(`Secrets Manager can't find the specified secret value for ${what}`);
}

function describe(secret: Secret): Document {
  const staged = secret.versions.filter((version) => stagesOf(secret, version).length > 0);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt),
    RotationEnabled: false,
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    VersionIdsToStages: Object.fromEntries(staged.map((version) => [version.id, stagesOf(secret, version)])),
  };
}
