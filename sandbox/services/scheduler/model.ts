import type { ServiceModel } from '../../model/model';
import { choice, errors, integer, list, SCALARS, structure, text } from '../../model/shapes';

/**
 * Written by hand from https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html and
 * API_ListSchedules.html.
 */
export const model: ServiceModel = {
  signingName: 'scheduler',
  protocol: 'rest-json',
  apiVersion: '2021-06-30',
  operations: {
    GetSchedule: {
      method: 'GET',
      uri: '/schedules/{Name}',
      input: 'GetScheduleInput',
      output: 'GetScheduleOutput',
      errors: ['InternalServerException', 'ResourceNotFoundException', 'ThrottlingException', 'ValidationException'],
    },
    ListSchedules: {
      method: 'GET',
      uri: '/schedules',
      input: 'ListSchedulesInput',
      output: 'ListSchedulesOutput',
      errors: ['InternalServerException', 'ResourceNotFoundException', 'ThrottlingException', 'ValidationException'],
    },
  },
  shapes: {
    ...SCALARS,
    ...errors(['ValidationException'], 400, 'Message'),
    ...errors(['ResourceNotFoundException'], 404, 'Message'),
    ...errors(['ConflictException'], 409, 'Message'),
    ...errors(['ThrottlingException'], 429, 'Message'),
    ...errors(['InternalServerException'], 500, 'Message'),
    Name: text(1, 64, '[0-9a-zA-Z-_.]+'),
    State: choice('ENABLED', 'DISABLED'),
    PageSize: integer(1, 100),
    Token: text(1, 2048),
    GetScheduleInput: structure(
      {
        Name: { shape: 'Name', location: 'uri', locationName: 'Name' },
        GroupName: { shape: 'Name', location: 'querystring', locationName: 'groupName' },
      },
      ['Name'],
    ),
    GetScheduleOutput: structure({
      Arn: 'Text',
      GroupName: 'Name',
      Name: 'Name',
      ScheduleExpression: 'Text',
      ScheduleExpressionTimezone: 'Text',
      StartDate: 'Time',
      EndDate: 'Time',
      Description: 'Text',
      State: 'State',
      Target: 'Target',
      FlexibleTimeWindow: 'FlexibleTimeWindow',
      CreationDate: 'Time',
      LastModificationDate: 'Time',
    }),
    Target: structure({
      Arn: 'Text',
      RoleArn: 'Text',
      Input: 'Text',
      DeadLetterConfig: 'DeadLetterConfig',
      RetryPolicy: 'RetryPolicy',
    }),
    DeadLetterConfig: structure({ Arn: 'Text' }),
    RetryPolicy: structure({ MaximumEventAgeInSeconds: 'Whole', MaximumRetryAttempts: 'Whole' }),
    FlexibleTimeWindow: structure({ Mode: 'WindowMode', MaximumWindowInMinutes: 'Whole' }),
    WindowMode: choice('OFF', 'FLEXIBLE'),
    ListSchedulesInput: structure({
      GroupName: { shape: 'Name', location: 'querystring', locationName: 'ScheduleGroup' },
      NamePrefix: { shape: 'Name', location: 'querystring', locationName: 'NamePrefix' },
      State: { shape: 'State', location: 'querystring', locationName: 'State' },
      MaxResults: { shape: 'PageSize', location: 'querystring', locationName: 'MaxResults' },
      NextToken: { shape: 'Token', location: 'querystring', locationName: 'NextToken' },
    }),
    ListSchedulesOutput: structure({ Schedules: 'Summaries', NextToken: 'Token' }, ['Schedules']),
    Summaries: list('Summary'),
    Summary: structure({
      Arn: 'Text',
      GroupName: 'Name',
      Name: 'Name',
      State: 'State',
      Target: 'TargetSummary',
      CreationDate: 'Time',
      LastModificationDate: 'Time',
    }),
    TargetSummary: structure({ Arn: 'Text' }, ['Arn']),
  },
};
