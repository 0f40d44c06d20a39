import { ServiceError } from '../services/service';

/** What CloudFormation refuses before it starts, or a value that cannot be resolved while it runs. */
export class TemplateError extends ServiceError {
  constructor(message: string) {
    super('ValidationError', message, 400);
  }
}
