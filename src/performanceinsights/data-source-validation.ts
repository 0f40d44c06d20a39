import { Validation } from '../core/validation';
import type { DataSourceOptions, ResourceIdOptions } from './data-source-options';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const INSTANCE_IDENTIFIER = /^[a-z](?!.*--)(?!.*-$)[a-z0-9-]*$/i;
/** The start of the catch-up is found in at most this many data points of CloudWatch. */
const MAX_CATCH_UP_MINUTES = 1440;

export function validateResourceId(resourceId: string, { instanceIdentifier }: ResourceIdOptions): void {
  new Validation('performanceinsights.DataSource')
    .pattern(
      'resourceId',
      resourceId,
      /^[A-Za-z0-9-]{1,256}$/,
      'be a DbiResourceId such as db-FAIHNTYBKTGAUSUZQYPDS2GW4A',
    )
    .length('instanceIdentifier', instanceIdentifier, 1, 63)
    .pattern('instanceIdentifier', instanceIdentifier, INSTANCE_IDENTIFIER, 'be the identifier of an instance')
    .throwIfInvalid();
}

export function validateOptions(name: string, { dimensions = {}, vcpus, catchUp }: DataSourceOptions): void {
  const validation = new Validation(`performanceinsights.DataSource ${name}`)
    .range('vcpus', vcpus, 1, 10_000)
    .count('dimensions', Object.keys(dimensions), 0, 20);
  if (catchUp !== undefined && !catchUp.isUnresolved()) {
    const seconds = catchUp.toSeconds();
    validation
      .range('catchUp', seconds, 0, MAX_CATCH_UP_MINUTES * 60, ' seconds')
      .check('catchUp', `${seconds} seconds`, seconds % 60 === 0, 'be whole minutes');
  }
  for (const [key, value] of Object.entries(dimensions)) {
    validation
      .length(`dimensions name "${key}"`, key, 1, 255)
      .pattern('dimensions name', key, /^(?!:)[!-~][ -~]*$/, 'be printable ASCII and not begin with a colon')
      .check('dimensions name', key, !RESERVED.has(key), 'not be one that the poller publishes')
      .length(`dimensions value of "${key}"`, value, 1, 255)
      .pattern(`dimensions value of "${key}"`, value, /^[ -~]*[!-~][ -~]*$/, 'be printable ASCII');
  }
  validation.throwIfInvalid();
}

const RESERVED = new Set(['DBInstanceIdentifier', 'DBClusterIdentifier', 'Role', 'AccountId', 'Region', 'Group']);
