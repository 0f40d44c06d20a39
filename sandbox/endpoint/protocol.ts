import type { ServiceModel } from '../model/model';
import type { Document, ServiceError } from '../services/service';
import { awsJson } from './aws-json';
import { awsQuery } from './aws-query';
import { ec2Query } from './ec2-query';
import type { HttpAnswer, HttpRequest } from './http';
import { restJson } from './rest-json';

/** How requests, answers and errors of a service travel. */
export interface Protocol {
  /** Name of the operation that the request asks for, as far as the request tells one. */
  operation(request: HttpRequest, model: ServiceModel): string | undefined;
  /** The operation's input. Throws `UnreadableRequest`. */
  decode(request: HttpRequest, model: ServiceModel, operation: string): Document;
  encodeOutput(output: Document, model: ServiceModel, operation: string, requestId: string): HttpAnswer;
  /** The model is absent when not even the service is known. */
  encodeError(error: ServiceError, model: ServiceModel | undefined, requestId: string): HttpAnswer;
}

export function protocolOf(name: ServiceModel['protocol']): Protocol {
  return PROTOCOLS[name];
}

const PROTOCOLS: Readonly<Record<ServiceModel['protocol'], Protocol>> = {
  'rest-json': restJson,
  'aws-json': awsJson,
  'aws-query': awsQuery,
  'ec2-query': ec2Query,
};

/** The protocol that a request to an unknown service seems to speak, so that its sender can read the refusal. */
export function guessProtocol(request: HttpRequest): ServiceModel['protocol'] {
  if (request.headers['x-amz-target'] !== undefined) return 'aws-json';
  return request.headers['content-type']?.includes('x-www-form-urlencoded') === true ? 'aws-query' : 'rest-json';
}
