import type { Stack } from './stack';
import { TemplateError } from './template-error';

export interface Export {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
}

/** The exported outputs of all stacks, and who imports them. */
export class Exports {
  private readonly places = new Map<string, Map<string, Export>>();
  private readonly imports = new Map<string, { readonly importer: Stack; readonly names: Set<string> }>();

  list(place: Pick<Stack, 'accountId' | 'region'>): Export[] {
    return [...this.at(place).values()];
  }

  /** The value of an export; from now on the importing stack keeps it from being removed. */
  import(importer: Stack, name: string): string {
    const found = this.at(importer).get(name);
    if (found === undefined) throw new TemplateError(`No export named ${name} found.`);
    this.setImports(importer, [...this.importsOf(importer), name]);
    return found.value;
  }

  importsOf(importer: Stack): readonly string[] {
    return [...(this.imports.get(importer.id)?.names ?? [])];
  }

  setImports(importer: Stack, names: readonly string[]): void {
    this.imports.set(importer.id, { importer, names: new Set(names) });
  }

  importers(place: Pick<Stack, 'accountId' | 'region'>, name: string): string[] {
    return [...this.imports.values()]
      .filter(({ importer, names }) => names.has(name) && isAt(importer, place))
      .map(({ importer }) => importer.name);
  }

  /** Exchanges all exports of a stack. Throws when another stack uses the name, or imports what would change. */
  replace(stack: Stack, wanted: ReadonlyMap<string, string>): void {
    const exported = this.at(stack);
    for (const name of wanted.keys()) {
      const other = exported.get(name);
      if (other !== undefined && other.stackId !== stack.id) {
        throw new TemplateError(`Export with name ${name} is already exported by stack ${nameOf(other.stackId)}.`);
      }
    }
    const before = [...exported.values()].filter((item) => item.stackId === stack.id);
    for (const { name, value } of before) {
      if (wanted.get(name) !== value) this.checkUnused(stack, name, wanted.has(name) ? 'updated' : 'deleted');
    }
    for (const { name } of before) exported.delete(name);
    for (const [name, value] of wanted) exported.set(name, { name, value, stackId: stack.id });
  }

  /** Throws when other stacks import anything of this one. */
  checkRemovable(stack: Stack): void {
    for (const item of this.list(stack)) {
      if (item.stackId === stack.id) this.checkUnused(stack, item.name, 'deleted');
    }
  }

  private checkUnused(stack: Stack, name: string, what: 'updated' | 'deleted'): void {
    const users = this.importers(stack, name);
    if (users.length === 0) return;
    throw new TemplateError(`Export ${name} cannot be ${what} as it is in use by ${users.join(', ')}`);
  }

  private at(place: Pick<Stack, 'accountId' | 'region'>): Map<string, Export> {
    const key = `${place.accountId}/${place.region}`;
    const found = this.places.get(key) ?? new Map<string, Export>();
    this.places.set(key, found);
    return found;
  }
}

function isAt(stack: Stack, place: Pick<Stack, 'accountId' | 'region'>): boolean {
  return stack.accountId === place.accountId && stack.region === place.region;
}

function nameOf(stackId: string): string {
  return stackId.split('/')[1] ?? stackId;
}
