import { ServiceError } from '../services/service';
import { checkChoiceRule } from './choice';
import { isPath } from './paths';

/** JSON, as it goes from state to state. */
// biome-ignore lint/suspicious/noExplicitAny: any JSON value
export type Json = any;

export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

export type State = TaskState | PassState | WaitState | ChoiceState | SucceedState | FailState;

interface Filters {
  /** A path, or null for an empty object. */
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}

interface Transition {
  readonly Next?: string;
  readonly End?: boolean;
}

interface Results {
  readonly Parameters?: Json;
  /** A path, or null when the result is dropped. */
  readonly ResultPath?: string | null;
}

export interface TaskState extends Filters, Transition, Results {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly ResultSelector?: Json;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends Filters, Transition, Results {
  readonly Type: 'Pass';
  readonly Result?: Json;
}

export interface WaitState extends Filters, Transition {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface ChoiceState extends Filters {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface ChoiceRule {
  readonly Next?: string;
  readonly Variable?: string;
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  readonly Not?: ChoiceRule;
  readonly [comparison: string]: Json;
}

export interface SucceedState extends Filters {
  readonly Type: 'Succeed';
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string | null;
  readonly Next: string;
}

/**
 * Reads a state machine's definition. What the sandbox does not interpret is an error here, at creation, so that no
 * execution can do something else than it would on AWS.
 * Source: https://states-language.net/spec.html and the Step Functions developer guide.
 */
export function parseDefinition(text: string): Definition {
  const definition = parseJson(text);
  checkFields('the state machine', definition, [
    'Comment',
    'StartAt',
    'States',
    'TimeoutSeconds',
    'Version',
    'QueryLanguage',
  ]);
  if ((definition.QueryLanguage ?? 'JSONPath') !== 'JSONPath') {
    throw invalid(`query language "${definition.QueryLanguage}" is not supported in the sandbox: use JSONPath`);
  }
  const names = new Set(Object.keys(definition.States ?? {}));
  checkTarget('the state machine', 'StartAt', definition.StartAt, names);
  for (const [name, state] of Object.entries<Json>(definition.States)) checkState(name, state, names);
  return definition;
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`it is not JSON: ${(error as Error).message}`);
  }
}

const COMMON_FIELDS = ['Type', 'Comment', 'QueryLanguage'];
const FILTER_FIELDS = [...COMMON_FIELDS, 'InputPath', 'OutputPath'];
const STEP_FIELDS = [...FILTER_FIELDS, 'Next', 'End'];

const FIELDS: Readonly<Record<State['Type'], readonly string[]>> = {
  Task: [...STEP_FIELDS, 'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'TimeoutSeconds', 'Retry', 'Catch'],
  Pass: [...STEP_FIELDS, 'Result', 'Parameters', 'ResultPath'],
  Wait: [...STEP_FIELDS, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Choice: [...FILTER_FIELDS, 'Choices', 'Default'],
  Succeed: FILTER_FIELDS,
  Fail: [...COMMON_FIELDS, 'Error', 'Cause'],
};

function checkState(name: string, state: Json, names: ReadonlySet<string>): void {
  const where = `state "${name}"`;
  const fields = FIELDS[state.Type as State['Type']];
  if (fields === undefined) {
    throw invalid(`${where} has type "${state.Type}", the sandbox knows ${Object.keys(FIELDS).join(', ')}`);
  }
  checkFields(where, state, fields);
  for (const path of ['InputPath', 'OutputPath', 'ResultPath', 'SecondsPath', 'TimestampPath']) {
    checkPath(where, path, state[path]);
  }
  for (const template of ['Parameters', 'ResultSelector']) checkTemplate(`${where}, ${template}`, state[template]);
  if (fields.includes('Next')) checkTransition(where, state, names);
  if (state.Type === 'Task') checkTask(where, state, names);
  if (state.Type === 'Wait') checkWait(where, state);
  if (state.Type === 'Choice') checkChoice(where, state, names);
}

function checkTransition(where: string, state: Transition, names: ReadonlySet<string>): void {
  if (state.End === true && state.Next === undefined) return;
  if (state.End === true) throw invalid(`${where} has both Next and End: keep one`);
  checkTarget(where, 'Next', state.Next, names);
}

function checkTask(where: string, state: TaskState, names: ReadonlySet<string>): void {
  if (!LAMBDA_FUNCTION.test(state.Resource ?? '') && !LAMBDA_INVOKE.test(state.Resource ?? '')) {
    throw invalid(`${where} has the resource "${state.Resource}": the sandbox runs Lambda functions only`);
  }
  if (LAMBDA_INVOKE.test(state.Resource)) checkInvokeParameters(where, state.Parameters);
  checkErrorNames(where, 'Retry', state.Retry);
  checkErrorNames(where, 'Catch', state.Catch);
  for (const retrier of state.Retry ?? []) {
    checkFields(`${where}, Retry`, retrier, RETRIER_FIELDS);
    const { IntervalSeconds = 1, MaxAttempts = 0, BackoffRate = 1 } = retrier;
    if (IntervalSeconds < 1 || MaxAttempts < 0 || BackoffRate < 1) {
      throw invalid(`${where} has a Retry with IntervalSeconds below 1, MaxAttempts below 0 or BackoffRate below 1`);
    }
  }
  for (const catcher of state.Catch ?? []) {
    checkFields(`${where}, Catch`, catcher, ['ErrorEquals', 'ResultPath', 'Next', 'Comment']);
    checkPath(`${where}, Catch`, 'ResultPath', catcher.ResultPath);
    checkTarget(`${where}, Catch`, 'Next', catcher.Next, names);
  }
}

const RETRIER_FIELDS = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'Comment'];

/** A task's resource that is the function itself. */
export const LAMBDA_FUNCTION = /^arn:[\w-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:\$LATEST)?$/;
/** The "optimized" integration of Lambda. */
export const LAMBDA_INVOKE = /^arn:[\w-]+:states:::lambda:invoke$/;

function checkInvokeParameters(where: string, parameters: Json): void {
  const named = parameters?.FunctionName ?? parameters?.['FunctionName.$'];
  if (named === undefined) throw invalid(`${where} invokes a function without Parameters.FunctionName`);
  checkFields(`${where}, Parameters`, parameters, ['FunctionName', 'FunctionName.$', 'Payload', 'Payload.$']);
}

function checkErrorNames(where: string, field: string, handlers: ReadonlyArray<Retrier | Catcher> | undefined): void {
  handlers?.forEach(({ ErrorEquals }, index) => {
    if (!Array.isArray(ErrorEquals) || ErrorEquals.length === 0) throw invalid(`${where}: ${field} needs ErrorEquals`);
    if (!ErrorEquals.includes('States.ALL')) return;
    if (ErrorEquals.length > 1 || index < handlers.length - 1) {
      throw invalid(`${where}: States.ALL must stand alone and in the last ${field}`);
    }
  });
}

function checkWait(where: string, state: WaitState): void {
  const given = [state.Seconds, state.SecondsPath, state.Timestamp, state.TimestampPath].filter((v) => v !== undefined);
  if (given.length !== 1) throw invalid(`${where} needs one of Seconds, SecondsPath, Timestamp and TimestampPath`);
}

function checkChoice(where: string, state: ChoiceState, names: ReadonlySet<string>): void {
  if (!Array.isArray(state.Choices) || state.Choices.length === 0) throw invalid(`${where} needs Choices`);
  for (const rule of state.Choices) {
    checkTarget(`${where}, Choices`, 'Next', rule.Next, names);
    const fault = checkChoiceRule(rule);
    if (fault !== undefined) throw invalid(`${where}: ${fault}`);
  }
  if (state.Default !== undefined) checkTarget(where, 'Default', state.Default, names);
}

function checkFields(where: string, value: Json, known: readonly string[]): void {
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw invalid(`${where} has fields that the sandbox does not know: ${unknown.join(', ')}`);
}

function checkTarget(where: string, field: string, target: string | undefined, names: ReadonlySet<string>): void {
  if (target === undefined || !names.has(target)) throw invalid(`${where}: ${field} names no state: "${target}"`);
}

function checkPath(where: string, field: string, path: string | null | undefined): void {
  if (path === undefined || path === null || isPath(path)) return;
  throw invalid(`${where}: ${field} "${path}" is not a simple path such as $.a.b[0]`);
}

/** `Parameters` and `ResultSelector`: members whose name ends in `.$` are paths. */
function checkTemplate(where: string, template: Json): void {
  if (typeof template !== 'object' || template === null) return;
  for (const [key, value] of Object.entries<Json>(template)) {
    if (key.endsWith('.$')) checkPath(where, key, value);
    else checkTemplate(where, value);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidDefinition', `Invalid State Machine Definition: ${message}`);
}
