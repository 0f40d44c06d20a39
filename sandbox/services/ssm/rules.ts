import { ServiceError } from '../service';
import { refused } from './errors';
import type { Parameter } from './state';

/** Source: https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm */
export const VALUE_BYTES = { Standard: 4096, Advanced: 8192 } as const;
export const MAX_VERSIONS = 100;
export const MAX_TAGS = 50;
const MAX_DEPTH = 15;
const MAX_ARN_LENGTH = 1011;

/** Names: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export function checkName(name: string): void {
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name)) {
    throw refused(
      `Parameter name: can't be prefixed with "ssm" (case-insensitive) and can only contain letters, digits and .-_/, got ${name}`,
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw new ServiceError(
      'AccessDeniedException',
      `No access to reserved parameter name: ${name}: it begins with aws or ssm`,
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw refused(`Parameter name must be a fully qualified name: begin ${name} with /`);
  }
  if (name.split('/').length - 1 > MAX_DEPTH) {
    throw new ServiceError(
      'HierarchyLevelLimitExceededException',
      `parameter name ${name} has more than ${MAX_DEPTH} levels`,
    );
  }
  if (name.length > MAX_ARN_LENGTH) throw refused(`parameter name ${name} has more than ${MAX_ARN_LENGTH} characters`);
}

/**
 * The tier that a value gets, which must hold it. A parameter that is advanced stays so.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
export function tierFor(value: string, asked: string | undefined, before: Parameter | undefined): Parameter['tier'] {
  const size = Buffer.byteLength(value);
  if (before?.tier === 'Advanced' && asked === 'Standard') {
    throw refused(
      'This parameter uses the advanced-parameter tier. You can’t downgrade a parameter from the advanced-parameter ' +
        'tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it.',
    );
  }
  const fitting = size > VALUE_BYTES.Standard ? 'Advanced' : 'Standard';
  const tier =
    before?.tier === 'Advanced' ? 'Advanced' : asked === 'Intelligent-Tiering' ? fitting : (asked ?? 'Standard');
  if (size > VALUE_BYTES[tier as Parameter['tier']]) {
    throw refused(
      tier === 'Standard'
        ? `Standard tier parameters support a maximum parameter value of ${VALUE_BYTES.Standard} characters. ` +
            'To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
        : `Advanced tier parameters support a maximum parameter value of ${VALUE_BYTES.Advanced} characters.`,
    );
  }
  return tier as Parameter['tier'];
}

export function checkPattern(value: string, pattern: string | undefined): void {
  if (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value)) return;
  throw new ServiceError('ParameterPatternMismatchException', `Parameter value failed to satisfy pattern: ${pattern}`);
}

export function checkTagCount(tags: ReadonlyMap<string, string>): void {
  if (tags.size <= MAX_TAGS) return;
  throw new ServiceError('TooManyTagsError', `a parameter has at most ${MAX_TAGS} tags, got ${tags.size}`);
}
