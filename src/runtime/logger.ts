import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Structured logs. Only what is named here or passed by a caller is written: events are never logged whole, since they
 * hold the response address, and neither are requests and answers of AWS, which may hold secrets.
 */
export const logger = new Logger({ serviceName: 'cdk-settled' });
