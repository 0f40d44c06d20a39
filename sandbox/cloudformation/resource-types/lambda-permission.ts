import { generatedName } from '../physical-names';
import type { Instance } from '../stack';
import { immediate } from './immediate';
import { ResourceFailure, type Task } from './resource-type';
import { unlessGone } from './unless-gone';

const PROPERTIES = ['Action', 'FunctionName', 'Principal', 'PrincipalOrgID', 'SourceAccount', 'SourceArn'] as const;

/** A statement of a function's resource policy. */
export const lambdaPermission = immediate({
  name: 'AWS::Lambda::Permission',
  properties: PROPERTIES,
  required: ['Action', 'FunctionName', 'Principal'],
  replacedBy: PROPERTIES,
  standing: false,

  make(task) {
    const { tools, properties, stack, logicalId } = task;
    const statementId = generatedName(tools.world.random, stack.name, logicalId);
    const functionArn = functionArnOf(task, properties.FunctionName as string);
    tools.functions.addPermission(functionArn, {
      statementId,
      action: properties.Action as string,
      principal: String(properties.Principal),
      sourceArn: properties.SourceArn as string | undefined,
      sourceAccount: optionalText(properties.SourceAccount),
      principalOrgId: properties.PrincipalOrgID as string | undefined,
    });
    return { physicalId: statementId, attributes: { Id: statementId, functionArn } };
  },

  change: (_task, current) => current,

  remove({ tools }, { physicalId, attributes }: Instance) {
    unlessGone(() => tools.functions.removePermission(attributes.functionArn as string, physicalId));
  },
});

/** By name, partial or whole ARN. */
export function functionArnOf({ tools, accountId, region }: Task, name: string): string {
  const record = tools.functions.get(name, accountId, region);
  if (record === undefined) throw new ResourceFailure(`Function not found: ${name}`);
  return record.arn;
}

/** Templates write account ids as numbers too. */
function optionalText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
