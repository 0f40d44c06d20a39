/** A service's model: what its public API description says, in the sandbox's own compact form. */
export interface ServiceModel {
  /** The name in the credential scope of a signed request, such as `rum`. */
  readonly signingName: string;
  readonly protocol: 'rest-json' | 'aws-json' | 'aws-query' | 'ec2-query';
  /** Of the JSON protocol (`1.0`, `1.1`). */
  readonly jsonVersion?: string;
  /** Prefix of the `X-Amz-Target` header of the JSON protocol. */
  readonly targetPrefix?: string;
  readonly apiVersion: string;
  /** XML namespace of the query protocols. */
  readonly xmlNamespace?: string;
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface OperationModel {
  /** `GET`, `POST` … and the path with `{Label}`s: rest-json only. */
  readonly method?: string;
  readonly uri?: string;
  /** Names of structure shapes; an operation may have none. */
  readonly input?: string;
  readonly output?: string;
  /** Wrapper element of the query protocol's answer. */
  readonly resultWrapper?: string;
  /** Names of the errors that the operation documents. */
  readonly errors?: readonly string[];
}

export type Shape = StructureShape | ListShape | MapShape | ScalarShape;

export interface StructureShape {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  /** The member that is the whole body of a rest-json message, as the payload of Lambda's Invoke is. */
  readonly payload?: string;
  /** For errors. */
  readonly httpStatus?: number;
  readonly errorCode?: string;
}

export interface Member {
  readonly shape: string;
  /** Where a rest-json member travels; in the body when absent. */
  readonly location?: 'uri' | 'querystring' | 'header' | 'statusCode';
  /** Its name there, or in the body. */
  readonly locationName?: string;
}

export interface ListShape {
  readonly type: 'list';
  readonly member: string;
  /** The name of an item in the query protocol. @default member */
  readonly locationName?: string;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape {
  readonly type: 'map';
  readonly key: string;
  readonly value: string;
  /** Of a request of the query protocol. @default key */
  readonly keyName?: string;
  /** @default value */
  readonly valueName?: string;
  readonly min?: number;
  readonly max?: number;
}

export interface ScalarShape {
  readonly type: 'string' | 'boolean' | 'integer' | 'long' | 'double' | 'float' | 'timestamp' | 'blob';
  readonly min?: number;
  readonly max?: number;
  /** The documented pattern, which the whole value must match. */
  readonly pattern?: string;
  readonly values?: readonly string[];
  /** Of a number that may come as NaN or infinite, which the service itself then refuses in words of its own. */
  readonly nonFinite?: true;
  /** Of a timestamp, where it is not the protocol's own (epoch seconds in JSON). */
  readonly timestampFormat?: 'iso8601' | 'unixTimestamp' | 'rfc822';
}
