import { Validation } from '../core/validation';

/** The model's `HsmType`: https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_CreateCluster.html */
const NAME = /^p?hsm[0-9][a-z.]*\.[a-zA-Z]+$/;
const MAX_LENGTH = 32;

/** The type of the HSMs of a cluster. */
export class HsmType {
  /** `hsm2m.medium`, for FIPS mode and non-FIPS mode. */
  static readonly HSM2M_MEDIUM = new HsmType('hsm2m.medium');

  /** `hsm1.medium`, for FIPS mode only. AWS has announced its end of life for 2025-12-01. */
  static readonly HSM1_MEDIUM = new HsmType('hsm1.medium');

  /** A type that has no name here yet: at most 32 characters in the form of `hsm2m.medium`. */
  static of(name: string): HsmType {
    new Validation('cloudhsm.HsmType')
      .length('name', name, 1, MAX_LENGTH)
      .pattern('name', name, NAME, 'have the form of hsm2m.medium')
      .throwIfInvalid();
    return new HsmType(name);
  }

  private constructor(
    /** Name of the type, as AWS spells it. */
    readonly name: string,
  ) {}

  /** The name. */
  toString(): string {
    return this.name;
  }
}
