import type { IConstruct } from 'constructs';

/** Below these, denials are explained. Aspects would not do: those of an app do not reach into its stages. */
const SCOPES = new WeakSet<IConstruct>();

export function explainDenialsIn(scope: IConstruct): void {
  SCOPES.add(scope);
}

export function explainsDenials(scope: IConstruct): boolean {
  return scope.node.scopes.some((outer) => SCOPES.has(outer));
}
