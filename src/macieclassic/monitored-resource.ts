import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ClassificationType } from './classification-type';

/** A bucket, or what begins with a prefix in it, which Macie Classic is to monitor and to classify. */
export interface MonitoredResource {
  /**
   * The bucket, which must be in the region of the stack (or of `assumeRole`). Give either this or `bucketName`.
   *
   * A change is an update in place: the new resource is associated before the old one is disassociated.
   *
   * @default - `bucketName` is used
   */
  readonly bucket?: s3.IBucket;

  /**
   * Name of the bucket, 1 to 500 characters. Give either this or `bucket`. Updated in place, as `bucket` is.
   *
   * @default - `bucket` is used
   */
  readonly bucketName?: string;

  /**
   * Only objects whose keys begin so, at most 10,000 characters. Two prefixes of one bucket are two resources. Updated in
   * place, as `bucket` is.
   *
   * @default - the whole bucket, as with an empty prefix
   */
  readonly prefix?: string;

  /**
   * What to classify. Updated in place.
   *
   * @default - objects that are added from now on, but not those that are there already
   */
  readonly classificationType?: ClassificationType;
}
