import type { IConstruct } from 'constructs';
import { explainDenialsIn } from '../core/explained-denials';

/**
 * Explanations of denied calls.
 *
 * What AWS says to a denied call is always explained: which statement is missing or in the way, and where. Some errors,
 * those of Amazon EC2's kind, hold the reason only in an encoded message; CloudHSM can hand one through. It takes a
 * permission to have that decoded.
 */
export class Denials {
  /**
   * Lets the functions behind all constructs in a stack, stage or app have encoded messages decoded and tell principal,
   * action, resource and the kind of denial in the error of the deployment, whether the constructs are made before or
   * after this call.
   *
   * Their roles may then call `sts:DecodeAuthorizationMessage`. With a role to assume, that role decodes:
   * let `explainDenials` of its `DelegatedRole` be true as well. The functions that poll and notify for Performance
   * Insights make no calls that are answered with such messages, and are left as they are.
   *
   * Off by default, since the decoded content is privileged: it tells of policies that those who see the error of a
   * deployment may not be allowed to read. Switch it on to find out why something is denied, or where all who see the
   * stack's events may know its policies.
   */
  static explain(scope: IConstruct): void {
    explainDenialsIn(scope);
  }

  private constructor() {}
}
