import { Validation } from '../core/validation';

/** Which of Macie's own data identifiers a job uses. */
export class ManagedDataIdentifiers {
  /** Those that AWS recommends, which change with time. */
  static readonly RECOMMENDED = new ManagedDataIdentifiers('RECOMMENDED');

  /** All of them, those included that AWS will add. */
  static readonly ALL = new ManagedDataIdentifiers('ALL');

  /** None of them, but custom data identifiers only. */
  static readonly NONE = new ManagedDataIdentifiers('NONE');

  /** Only these, such as `CREDIT_CARD_NUMBER`. */
  static only(...identifierIds: string[]): ManagedDataIdentifiers {
    return ManagedDataIdentifiers.selecting('INCLUDE', identifierIds);
  }

  /** All but these, those included that AWS will add. */
  static allExcept(...identifierIds: string[]): ManagedDataIdentifiers {
    return ManagedDataIdentifiers.selecting('EXCLUDE', identifierIds);
  }

  private static selecting(selector: string, identifierIds: string[]): ManagedDataIdentifiers {
    new Validation('macie.ManagedDataIdentifiers').filled('identifierIds', identifierIds).throwIfInvalid();
    return new ManagedDataIdentifiers(selector, identifierIds);
  }

  private constructor(
    /** How they are selected, as AWS spells it: `RECOMMENDED`, `ALL`, `NONE`, `INCLUDE` or `EXCLUDE`. */
    readonly selector: string,
    /** Which are included or excluded; undefined where none are named. */
    readonly identifierIds?: string[],
  ) {}
}
