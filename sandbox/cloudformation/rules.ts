import type { Evaluator } from './intrinsics';
import type { Template } from './template';
import { TemplateError } from './template-error';

/** Evaluates the template's rules, such as the CDK's CheckBootstrapVersion; a failed assertion is an error. */
export function checkRules(template: Template, evaluator: Evaluator): void {
  const failures: string[] = [];
  for (const [name, rule] of Object.entries(template.rules)) {
    const path = `Rules.${name}`;
    if (rule.RuleCondition !== undefined && !evaluator.truth(rule.RuleCondition, `${path}.RuleCondition`)) continue;
    rule.Assertions.forEach((assertion, index) => {
      if (evaluator.truth(assertion.Assert, `${path}.Assertions[${index}]`)) return;
      failures.push(assertion.AssertDescription ?? `${path}.Assertions[${index}] is false`);
    });
  }
  if (failures.length > 0) throw new TemplateError(`Template error: rule violated: ${failures.join('; ')}`);
}
