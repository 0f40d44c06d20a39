import type { ServiceModel } from '../../model/model';
import { map, SCALARS, structure } from '../../model/shapes';

/**
 * Written by hand from https://docs.aws.amazon.com/sns/latest/api/API_Publish.html and API_GetTopicAttributes.html. The
 * limits of a publication are in `publish-rules.ts`, because SNS answers them as InvalidParameter.
 */
export const model: ServiceModel = {
  signingName: 'sns',
  protocol: 'aws-query',
  apiVersion: '2010-03-31',
  xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  operations: {
    Publish: {
      input: 'PublishInput',
      output: 'PublishResponse',
      resultWrapper: 'PublishResult',
      errors: [
        'AuthorizationErrorException',
        'InternalErrorException',
        'InvalidParameterException',
        'NotFoundException',
        'ThrottledException',
      ],
    },
    GetTopicAttributes: {
      input: 'GetTopicAttributesInput',
      output: 'GetTopicAttributesResponse',
      resultWrapper: 'GetTopicAttributesResult',
      errors: [
        'AuthorizationErrorException',
        'InternalErrorException',
        'InvalidParameterException',
        'NotFoundException',
      ],
    },
  },
  shapes: {
    ...SCALARS,
    PublishInput: structure(
      {
        TopicArn: 'Text',
        TargetArn: 'Text',
        PhoneNumber: 'Text',
        Message: 'Text',
        Subject: 'Text',
        MessageStructure: 'Text',
        MessageAttributes: 'MessageAttributes',
        MessageDeduplicationId: 'Text',
        MessageGroupId: 'Text',
      },
      ['Message'],
    ),
    MessageAttributes: { ...map('MessageAttribute'), keyName: 'Name', valueName: 'Value' },
    MessageAttribute: structure({ DataType: 'Text', StringValue: 'Text', BinaryValue: 'Bytes' }, ['DataType']),
    PublishResponse: structure({ MessageId: 'Text' }),
    GetTopicAttributesInput: structure({ TopicArn: 'Text' }, ['TopicArn']),
    GetTopicAttributesResponse: structure({ Attributes: 'Attributes' }),
    Attributes: map('Text'),
    AuthorizationErrorException: error('AuthorizationError', 403),
    InternalErrorException: error('InternalError', 500),
    InvalidParameterException: error('InvalidParameter', 400),
    NotFoundException: error('NotFound', 404),
    ThrottledException: error('Throttled', 429),
  },
};

function error(errorCode: string, httpStatus: number) {
  return { ...structure({ message: 'Text' }), errorCode, httpStatus };
}
