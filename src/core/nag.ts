import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A finding of cdk-nag that is by design: users who check their stacks with it are told why instead of alarmed. */
export interface ExplainedFinding {
  /** The rule, `AwsSolutions-…`. */
  readonly rule: string;
  readonly reason: string;
  /** Of a rule with several findings in a resource (IAM5): which of them is meant. */
  readonly finding?: RegExp;
}

/**
 * Explains findings in the resources of a type below a construct. The metadata is what cdk-nag's own suppressions write,
 * so that it is no dependency: https://github.com/cdklabs/cdk-nag#suppressing-a-rule
 */
export function explainFindings(scope: IConstruct, resourceType: string, findings: readonly ExplainedFinding[]): void {
  if (findings.length === 0) return;
  const added = findings.map(({ rule, reason, finding }) => ({
    id: rule,
    reason,
    applies_to: finding && [{ regex: String(finding) }],
  }));
  for (const resource of scope.node.findAll()) {
    if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== resourceType) continue;
    const present = resource.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
    resource.addMetadata('cdk_nag', { rules_to_suppress: [...present, ...added] });
  }
}
