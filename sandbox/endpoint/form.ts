import type { ServiceModel } from '../model/model';
import { bodyText, type HttpRequest } from './http';

/** The form that a request of the query protocols carries. */
export function formOf(request: HttpRequest): URLSearchParams {
  return new URLSearchParams(request.method === 'GET' ? request.query : bodyText(request));
}

/** The operation that the form asks for, unless it asks for another version of the API. */
export function actionOf(request: HttpRequest, model: ServiceModel): string | undefined {
  const form = formOf(request);
  const version = form.get('Version');
  return version === null || version === model.apiVersion ? (form.get('Action') ?? undefined) : undefined;
}

/** `Tags.member.1.Key=a` as nested nodes. */
export interface FormNode {
  text?: string;
  readonly children: Map<string, FormNode>;
}

export function treeOf(form: URLSearchParams): FormNode {
  const root: FormNode = { children: new Map() };
  for (const [name, value] of form) {
    let node = root;
    for (const step of name.split('.')) {
      const next = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, next);
      node = next;
    }
    node.text = value;
  }
  return root;
}

/** The nodes whose names are numbers, in the order of these. */
export function numbered(node: FormNode | undefined): readonly FormNode[] {
  const items = [...(node?.children ?? [])];
  return items.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}
