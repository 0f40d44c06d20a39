import type { Validation } from '../core/validation';

/** Of all members of the API: https://docs.aws.amazon.com/macie/1.0/APIReference/API_AssociateMemberAccount.html */
const ACCOUNT_ID = /^[0-9]{12}$/;

export function checkAccountId(validation: Validation, property: string, value: string | undefined): Validation {
  return validation.pattern(property, value, ACCOUNT_ID, 'be the 12 digits of an account');
}
