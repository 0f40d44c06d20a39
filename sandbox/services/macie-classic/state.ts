import type { Iam } from '../../iam/iam';
import type { Operation, Service } from '../service';
import { Listed } from './listed';
import type { MacieClassicSettings } from './options';

/** What Macie Classic remembers of an administrator account in a region. */
export interface MacieClassicState {
  enabled: boolean;
  /** Ids of member accounts, without the administrator itself. */
  readonly members: Listed<string>;
  /** By {@link resourceKey}, of all accounts. */
  readonly resources: Listed<S3Association>;
  readonly plannedFailures: PlannedFailure[];
  /** When Macie met a handshake role first, by the role's id. */
  readonly handshakes: Map<string, number>;
  /** Where this account is a member itself: its administrator. */
  administrator?: string;
  /** In the state of the region `aws-global` only: the account has Macie's service-linked role. */
  serviceLinkedRole: boolean;
}

export interface S3ResourceId {
  readonly accountId: string;
  readonly bucketName: string;
  /** Absent is the same as empty: the whole bucket. */
  readonly prefix?: string;
}

export interface S3Association extends S3ResourceId {
  readonly oneTime: 'FULL' | 'NONE';
  readonly continuous: 'FULL';
}

/** An S3 resource that is to fail, with any code and message. */
export interface PlannedFailure {
  readonly bucketName: string;
  /** @default - all of the bucket's resources */
  readonly prefix?: string;
  /** Such as `AssociateS3Resources`. @default - all three */
  readonly operation?: string;
  readonly code: string;
  readonly message: string;
  /** How often. @default - until it is taken back */
  times?: number;
}

export interface MacieClassicContext {
  readonly service: Service<MacieClassicState>;
  readonly settings: MacieClassicSettings;
  readonly iam: Pick<Iam, 'roleByName' | 'policiesOf'>;
}

export type MacieClassicOperations = Readonly<Record<string, Operation<MacieClassicState>>>;

export function newMacieClassicState(settings: MacieClassicSettings): MacieClassicState {
  return {
    enabled: settings.enabled,
    members: new Listed(settings.memberLagSeconds * 1000),
    resources: new Listed(settings.resourceLagSeconds * 1000),
    plannedFailures: [],
    handshakes: new Map(),
    serviceLinkedRole: false,
  };
}

/** Two prefixes of one bucket are two resources. */
export function resourceKey({ accountId, bucketName, prefix = '' }: S3ResourceId): string {
  return JSON.stringify([accountId, bucketName, prefix]);
}
