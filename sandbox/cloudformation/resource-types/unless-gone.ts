import { ServiceError } from '../../services/service';

/** A thing that somebody has deleted before CloudFormation counts as deleted. */
export function unlessGone(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!(error instanceof ServiceError) || !/NotFound|NoSuchEntity/.test(error.code)) throw error;
  }
}
