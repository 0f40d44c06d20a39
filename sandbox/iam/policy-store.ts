import { ServiceError } from '../services/service';
import { AWS_MANAGED_POLICIES } from './managed-policies';
import type { PolicyHolder } from './policy-holders';
import type { PolicyDocument } from './principal';
import {
  checkManagedPolicy,
  checkName,
  limitExceeded,
  MANAGED_POLICIES_EACH,
  noSuchEntity,
  POLICY_NAME_LENGTH,
} from './quotas';

export interface NewManagedPolicy {
  readonly accountId: string;
  readonly name: string;
  /** @default '/' */
  readonly path?: string;
  readonly document: PolicyDocument;
}

/** The managed policies of all accounts, and those of AWS. */
export class PolicyStore {
  private readonly byArn = new Map<string, PolicyDocument>();

  constructor(private readonly partition: string) {}

  create({ accountId, name, path = '/', document }: NewManagedPolicy): { arn: string } {
    checkName('policy', name, POLICY_NAME_LENGTH);
    const arn = `arn:${this.partition}:iam::${accountId}:policy${path}${name}`;
    if (this.byArn.has(arn)) {
      throw new ServiceError('EntityAlreadyExists', `A policy called ${name} already exists.`, 409);
    }
    checkManagedPolicy(document);
    this.byArn.set(arn, document);
    return { arn };
  }

  update(arn: string, document: PolicyDocument): void {
    this.checkExists(arn);
    checkManagedPolicy(document);
    this.byArn.set(arn, document);
  }

  delete(arn: string): void {
    this.byArn.delete(arn);
  }

  checkExists(arn: string): void {
    if (!this.byArn.has(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  }

  arnsOf(accountId: string): readonly string[] {
    return [...this.byArn.keys()].filter((arn) => arn.split(':')[4] === accountId);
  }

  get(arn: string): PolicyDocument | undefined {
    const name = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
    return name === undefined ? this.byArn.get(arn) : AWS_MANAGED_POLICIES[name];
  }

  /** Those of the ARNs that stand for a policy now. */
  documents(arns: Iterable<string>): readonly PolicyDocument[] {
    return [...arns].map((arn) => this.get(arn)).filter((document) => document !== undefined);
  }

  checkedAttachments({ kind, name }: Pick<PolicyHolder, 'kind' | 'name'>, arns: readonly string[]) {
    for (const arn of arns) {
      if (this.get(arn) === undefined) {
        throw noSuchEntity(`Policy ${arn} does not exist or is not attachable to ${kind} ${name}.`);
      }
    }
    const attached: ReadonlySet<string> = new Set(arns);
    if (attached.size > MANAGED_POLICIES_EACH) {
      throw limitExceeded(`Cannot exceed quota for PoliciesPer${CAPITAL[kind]}: ${MANAGED_POLICIES_EACH}`);
    }
    return attached;
  }

  /** `null` is no boundary. A boundary is of the account itself, or of AWS. */
  checkedBoundary(accountId: string, arn: string | null): string | undefined {
    if (arn === null) return undefined;
    if (this.get(arn) === undefined || !['aws', accountId].includes(arn.split(':')[4]!)) {
      throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
    }
    return arn;
  }
}

const CAPITAL = { role: 'Role', user: 'User', group: 'Group' } as const;
