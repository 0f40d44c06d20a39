import type { Random } from '../../kernel/random';
import { refused } from './errors';

/**
 * How a value is made, in the names of CloudFormation's GenerateSecretString.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
 */
export interface Generation {
  readonly ExcludeCharacters?: string;
  readonly ExcludeLowercase?: boolean | string;
  readonly ExcludeNumbers?: boolean | string;
  readonly ExcludePunctuation?: boolean | string;
  readonly ExcludeUppercase?: boolean | string;
  readonly IncludeSpace?: boolean | string;
  /** @default 32 */
  readonly PasswordLength?: number | string;
  /** @default true */
  readonly RequireEachIncludedType?: boolean | string;
  /** A JSON object, into which the password is put under the key. */
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
}

export interface Generated {
  readonly password: string;
  /** The password, or the template with it. */
  readonly value: string;
}

const DEFAULT_LENGTH = 32;
const MAX_LENGTH = 4096;

const KINDS = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  space: ' ',
};

/** A value of seeded chance: the same seed gives the same secrets. */
export function generate(random: Random, generation: Generation): Generated {
  const password = makePassword(random, generation);
  const { SecretStringTemplate: template, GenerateStringKey: key } = generation;
  if (template === undefined && key === undefined) return { password, value: password };
  if (template === undefined || key === undefined) {
    throw refused('You must specify both SecretStringTemplate and GenerateStringKey, or neither.');
  }
  return { password, value: JSON.stringify({ ...parsed(template), [key]: password }) };
}

function makePassword(random: Random, generation: Generation): string {
  const length = Number(generation.PasswordLength ?? DEFAULT_LENGTH);
  if (!Number.isInteger(length) || length < 1 || length > MAX_LENGTH) {
    throw refused(`PasswordLength must be a whole number from 1 to ${MAX_LENGTH}, got ${generation.PasswordLength}`);
  }
  const kinds = alphabets(generation);
  if (kinds.length === 0) throw refused('The exclusions leave no characters to make a password of.');
  const all = kinds.join('');
  if (!yes(generation.RequireEachIncludedType ?? true)) return random.string(length, all);
  if (length < kinds.length) {
    throw refused(
      `PasswordLength ${length} is too short for one character of each of the ${kinds.length} included types`,
    );
  }
  // One of each kind at a place of its own, and any character elsewhere.
  const characters = [...random.string(length, all)];
  const places = Array.from({ length }, (_, index) => index);
  for (const kind of kinds) {
    const [place] = places.splice(random.integer(0, places.length - 1), 1);
    characters[place!] = random.string(1, kind);
  }
  return characters.join('');
}

/** The characters of each included kind that are not excluded; kinds of which none are left do not count. */
function alphabets(generation: Generation): string[] {
  const excluded = new Set(generation.ExcludeCharacters ?? '');
  const kinds = [
    yes(generation.ExcludeLowercase) ? '' : KINDS.lowercase,
    yes(generation.ExcludeUppercase) ? '' : KINDS.uppercase,
    yes(generation.ExcludeNumbers) ? '' : KINDS.numbers,
    yes(generation.ExcludePunctuation) ? '' : KINDS.punctuation,
    yes(generation.IncludeSpace) ? KINDS.space : '',
  ];
  return kinds.map((kind) => [...kind].filter((sign) => !excluded.has(sign)).join('')).filter((kind) => kind !== '');
}

function parsed(template: string): object {
  try {
    const value: unknown = JSON.parse(template);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw refused('SecretStringTemplate must be a JSON object');
}

function yes(value: boolean | string | undefined): boolean {
  return String(value ?? false) === 'true';
}
