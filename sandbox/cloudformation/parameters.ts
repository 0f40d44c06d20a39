import type { ParameterDefinition, Template } from './template';
import { TemplateError } from './template-error';
import { scalarText } from './values';

/** A parameter of a stack: as given, as `Ref` sees it, and as it may be shown. */
export interface Parameter {
  readonly key: string;
  readonly given: string;
  readonly value: string | readonly string[];
  readonly noEcho: boolean;
  /** What Parameter Store answered, for parameters that name an entry of it. */
  readonly resolved?: string;
}

/** Looks up an entry of Parameter Store. */
export type ParameterStore = (name: string) => string | undefined;

const SSM_TYPE = /^AWS::SSM::Parameter::Value<(String|List<String>|CommaDelimitedList)>$/;
const LIST_TYPE = /^(CommaDelimitedList|List<.+>)$/;
/** Types whose values are ids of existing things; the sandbox takes them as strings. */
const PLAIN_TYPE = /^(String|AWS::EC2::[A-Za-z]+::Id|AWS::SSM::Parameter::Name)$/;

/** Gives each parameter its value: what was given, what it was before, or its default. */
export function resolveParameters(
  template: Template,
  given: Readonly<Record<string, string>>,
  previous: ReadonlyMap<string, Parameter>,
  store: ParameterStore,
): Map<string, Parameter> {
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(template.parameters, key));
  if (unknown.length > 0) throw new TemplateError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing: string[] = [];
  const resolved = new Map<string, Parameter>();
  for (const [key, definition] of Object.entries(template.parameters)) {
    const text = given[key] ?? previous.get(key)?.given ?? scalarText(definition.Default);
    if (text === undefined) missing.push(key);
    else resolved.set(key, resolveOne(key, definition, text, store));
  }
  if (missing.length > 0) throw new TemplateError(`Parameters: [${missing.join(', ')}] must have values`);
  return resolved;
}

function resolveOne(key: string, definition: ParameterDefinition, given: string, store: ParameterStore): Parameter {
  const noEcho = String(definition.NoEcho ?? false) === 'true';
  const ssm = SSM_TYPE.exec(definition.Type);
  if (ssm !== null) {
    const resolved = store(given);
    if (resolved === undefined) {
      throw new TemplateError(`Unable to fetch parameters [${given}] from parameter store for this account.`);
    }
    return { key, given, value: ssm[1] === 'String' ? resolved : commaList(resolved), noEcho, resolved };
  }
  const isList = LIST_TYPE.test(definition.Type);
  if (!isList && definition.Type !== 'Number' && !PLAIN_TYPE.test(definition.Type)) {
    throw new TemplateError(`Parameter ${key} has the type ${definition.Type}, which the sandbox does not know`);
  }
  for (const item of isList ? commaList(given) : [given]) check(key, definition, item);
  return { key, given, value: isList ? commaList(given) : given, noEcho };
}

function commaList(text: string): string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function check(key: string, definition: ParameterDefinition, value: string): void {
  const complain = (why: string): never => {
    throw new TemplateError(
      `Parameter ${key} failed to satisfy constraint: ${definition.ConstraintDescription ?? why}`,
    );
  };
  const { AllowedPattern, AllowedValues, MinLength, MaxLength, MinValue, MaxValue } = definition;
  const isNumber = definition.Type === 'Number' || definition.Type === 'List<Number>';
  if (isNumber && (value === '' || Number.isNaN(Number(value)))) {
    throw new TemplateError(`Parameter value ${value} for parameter name ${key} is not a number.`);
  }
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value)) {
    complain(`must be one of [${AllowedValues.join(', ')}], got ${value}`);
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
    complain(`must match pattern ${AllowedPattern}, got ${value}`);
  }
  if (MinLength !== undefined && value.length < Number(MinLength))
    complain(`must have at least ${MinLength} characters`);
  if (MaxLength !== undefined && value.length > Number(MaxLength))
    complain(`must have at most ${MaxLength} characters`);
  if (MinValue !== undefined && Number(value) < Number(MinValue))
    complain(`must be at least ${MinValue}, got ${value}`);
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) complain(`must be at most ${MaxValue}, got ${value}`);
}
