import type { Instance, Properties } from '../stack';
import { isObject, stringified } from '../values';
import type { AttributePlace, Made, ResourceType, Task } from './resource-type';
import { ResourceFailure } from './resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const MAX_RESPONSE_BYTES = 4096;
const MAX_PHYSICAL_ID_BYTES = 1024;
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html */
const MAX_SERVICE_TIMEOUT_SECONDS = 3600;

/**
 * A resource behind a Lambda function: CloudFormation sends it a request and waits for an answer at a URL made for this
 * request alone. An update that answers another physical id than before has made a new resource.
 */
export const customResource: ResourceType = {
  name: 'AWS::CloudFormation::CustomResource',
  properties: 'any',
  required: ['ServiceToken'],
  standing: false,

  async create(task) {
    const answer = await ask(task, { RequestType: 'Create' }, task.properties);
    if (answer.failure !== undefined) {
      if (answer.physicalId !== undefined) task.initiated({ physicalId: answer.physicalId, attributes: {} });
      throw new ResourceFailure(answer.failure);
    }
    return made(answer);
  },

  async update(task, current) {
    if (task.properties.ServiceToken !== current.properties.ServiceToken) {
      throw new ResourceFailure('Modifying service token is not allowed.');
    }
    const old = { PhysicalResourceId: current.physicalId, OldResourceProperties: stringified(current.properties) };
    const answer = await ask(task, { RequestType: 'Update', ...old }, task.properties);
    if (answer.failure !== undefined) throw new ResourceFailure(answer.failure);
    return made(answer);
  },

  async delete(task, current) {
    const request = { RequestType: 'Delete', PhysicalResourceId: current.physicalId };
    const answer = await ask(task, request, current.properties);
    if (answer.failure !== undefined) throw new ResourceFailure(answer.failure);
  },

  attribute,
};

interface Answer {
  readonly requestId: string;
  readonly physicalId?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly failure?: string;
}

type Request = Readonly<Record<string, unknown>> & { readonly RequestType: string };

/** Sends one request and waits for its answer, for the timeout, or for a cancellation (then nobody waits any more). */
async function ask(task: Task, request: Request, properties: Properties): Promise<Answer> {
  const { functions, pace, receiver, world } = task.tools;
  const serviceToken = functionBehind(task, properties);
  const timeoutSeconds = serviceTimeout(properties);
  const requestId = world.random.uuid();
  let close = () => {};
  let cancelled = false;
  task.onCancel(() => {
    cancelled = true;
    close();
  });
  await pace.turn();
  return new Promise((resolve) => {
    if (cancelled) return;
    const end = (answer: Answer) => {
      close();
      resolve(answer);
    };
    const failed = (failure: string) => end({ requestId, data: {}, failure });
    const { url, close: closeUrl } = receiver.expect((body) =>
      end(readAnswer(body, request.RequestType, requestId, task)),
    );
    const cancelTimeout = world.clock.schedule(timeoutSeconds * 1000, () =>
      failed(
        `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}].`,
      ),
    );
    close = () => {
      closeUrl();
      cancelTimeout();
    };
    task.requested();
    functions.invokeAsync(
      serviceToken,
      JSON.stringify(eventFor(task, request, properties, serviceToken, url, requestId)),
    );
  });
}

/** The event, with its members in the order in which CloudFormation sends them. */
function eventFor(
  task: Task,
  request: Request,
  properties: Properties,
  serviceToken: string,
  url: string,
  requestId: string,
): object {
  const { RequestType, PhysicalResourceId, OldResourceProperties } = request;
  return {
    RequestType,
    ServiceToken: serviceToken,
    ResponseURL: url,
    StackId: task.stack.id,
    RequestId: requestId,
    LogicalResourceId: task.logicalId,
    ...(PhysicalResourceId !== undefined && { PhysicalResourceId }),
    ResourceType: task.type,
    ResourceProperties: stringified(properties),
    ...(OldResourceProperties !== undefined && { OldResourceProperties }),
  };
}

function functionBehind(task: Task, properties: Properties): string {
  const token = properties.ServiceToken;
  const [, , service, region, accountId] = typeof token === 'string' ? token.split(':') : [];
  if (typeof token !== 'string' || service !== 'lambda' || accountId === undefined || region === undefined) {
    throw new ResourceFailure(`the ServiceToken must be the ARN of a Lambda function, got ${JSON.stringify(token)}`);
  }
  if (task.tools.functions.get(token, accountId, region) === undefined) {
    throw new ResourceFailure(`Function not found: ${token}`);
  }
  return token;
}

/** `ServiceTimeout` is a property like any other: the function receives it too. */
function serviceTimeout(properties: Properties): number {
  const seconds = Number(properties.ServiceTimeout ?? MAX_SERVICE_TIMEOUT_SECONDS);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_SERVICE_TIMEOUT_SECONDS) {
    throw new ResourceFailure(
      `ServiceTimeout must be a whole number of seconds from 1 to ${MAX_SERVICE_TIMEOUT_SECONDS}, got ${properties.ServiceTimeout}`,
    );
  }
  return seconds;
}

function readAnswer(body: string, requestType: string, requestId: string, task: Task): Answer {
  const invalid = (failure: string): Answer => ({ requestId, data: {}, failure });
  if (Buffer.byteLength(body) > MAX_RESPONSE_BYTES) return invalid('Response object is too long.');
  const response = parsed(body);
  if (response === undefined) return invalid('Invalid response: not a JSON object');
  const expected = { StackId: task.stack.id, RequestId: requestId, LogicalResourceId: task.logicalId };
  for (const [key, value] of Object.entries(expected)) {
    if (response[key] !== value) return invalid(`Invalid ${key}: expected ${value}, got ${response[key]}`);
  }
  const { Status, PhysicalResourceId: physicalId, Data: data = {}, Reason } = response;
  if (typeof physicalId !== 'string' || physicalId === '' || Buffer.byteLength(physicalId) > MAX_PHYSICAL_ID_BYTES) {
    return invalid(`Invalid PhysicalResourceId in the answer to ${requestType}: ${JSON.stringify(physicalId)}`);
  }
  if (Status === 'FAILED') {
    const failure = `Received response status [FAILED] from custom resource. Message returned: ${Reason ?? ''} (RequestId: ${requestId})`;
    return { requestId, physicalId, data: {}, failure };
  }
  if (Status !== 'SUCCESS') return invalid(`Invalid response status ${JSON.stringify(Status)}`);
  if (data !== null && !isObject(data)) return invalid('Invalid Data in the response: not a map of names and values');
  return { requestId, physicalId, data: data ?? {} };
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const response: unknown = JSON.parse(body);
    return isObject(response) ? response : undefined;
  } catch {
    return undefined;
  }
}

function made(answer: Answer): Made {
  return { physicalId: answer.physicalId!, attributes: answer.data, requestId: answer.requestId };
}

/** `Data` by its name, or by the dotted path into nested maps. */
function attribute(instance: Instance, name: string, place: AttributePlace): unknown {
  if (Object.hasOwn(instance.attributes, name)) return instance.attributes[name];
  let found: unknown = instance.attributes;
  for (const part of name.split('.')) found = isObject(found) && Object.hasOwn(found, part) ? found[part] : undefined;
  if (found === undefined || found === null) {
    const object = `${place.stackId}|${place.logicalId}|${instance.requestId}`;
    throw new ResourceFailure(
      `CustomResource attribute error: Vendor response doesn't contain ${name} attribute in object ${object}`,
    );
  }
  return found;
}
