import type { ListShape, ScalarShape, ServiceModel, Shape } from '../model/model';
import type { Document } from '../services/service';
import { type FormNode, formOf, numbered, treeOf } from './form';
import type { HttpRequest } from './http';
import { formatText, parseText } from './text-values';

/** In what the two query protocols differ: their lists. */
export interface QueryDialect {
  /** Under which node of a form the items of a list are numbered. */
  itemsOf(node: FormNode, list: ListShape): FormNode | undefined;
  /** What an item is called in an answer. */
  itemName(list: ListShape): string;
}

/** The operation's input, from the form of a request. */
export function decodeForm(request: HttpRequest, model: ServiceModel, operation: string, dialect: QueryDialect) {
  const input = model.operations[operation]?.input;
  return input === undefined ? {} : (read(model, input, treeOf(formOf(request)), dialect) ?? {});
}

function read(model: ServiceModel, shapeName: string, node: FormNode | undefined, dialect: QueryDialect): unknown {
  if (node === undefined) return undefined;
  const shape = model.shapes[shapeName] as Shape;
  const inside = (name: string, child: FormNode | undefined) => read(model, name, child, dialect);
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members).map(([name, member]) => {
        return [name, inside(member.shape, node.children.get(member.locationName ?? name))] as const;
      });
      return Object.fromEntries(members.filter(([, value]) => value !== undefined));
    }
    // A list without any items is sent as an empty text.
    case 'list':
      return numbered(dialect.itemsOf(node, shape)).map((item) => inside(shape.member, item));
    case 'map':
      return Object.fromEntries(
        numbered(node.children.get('entry')).map((entry) => [
          inside(shape.key, entry.children.get(shape.keyName ?? 'key')),
          inside(shape.value, entry.children.get(shape.valueName ?? 'value')),
        ]),
      );
    default:
      return parseText(shape, node.text ?? '');
  }
}

/** A value in the form that `xml` takes. */
export function elementsOf(model: ServiceModel, shapeName: string, value: Document, dialect: QueryDialect): Document {
  const shape = model.shapes[shapeName] as Shape;
  const inside = (name: string, child: Document) => elementsOf(model, name, child, dialect);
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members).filter(
        ([name]) => value[name] !== undefined && value[name] !== null,
      );
      return Object.fromEntries(
        members.map(([name, member]) => [member.locationName ?? name, inside(member.shape, value[name])]),
      );
    }
    case 'list':
      return {
        [dialect.itemName(shape)]: (value as readonly Document[]).map((item) => inside(shape.member, item)),
      };
    case 'map':
      return { entry: Object.entries(value).map(([key, item]) => ({ key, value: inside(shape.value, item) })) };
    default:
      return formatText(shape as ScalarShape, value, 'iso8601');
  }
}
