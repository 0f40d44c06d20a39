import { SettledResource } from './settled-resource';

/** A custom resource behind which AWS has nothing that carries tags: those of the stack would only change it for nothing. */
export class UntaggedResource extends SettledResource {
  protected override get cfnProperties(): Record<string, unknown> {
    const { Tags, ...properties } = super.cfnProperties;
    return properties;
  }
}
