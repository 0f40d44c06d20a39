import { type AsymmetricSpec, KeyPairs } from '../../crypto/key-pairs';
import type { World } from '../service';
import type { AcmPcaService } from './acm-pca-service';
import { rootCertificate } from './certificates';
import type { AcmPcaState, Authority } from './state';

export interface NewAuthority {
  readonly accountId: string;
  readonly region: string;
  /** An X.509 name, such as `CN=Root,O=Example`. */
  readonly subject: string;
  /** @default RSA_2048 */
  readonly keySpec?: Extract<AsymmetricSpec, 'RSA_2048' | 'RSA_4096' | 'ECC_NIST_P256' | 'ECC_NIST_P384'>;
  /** @default 3650 */
  readonly validityDays?: number;
}

/** The authorities of all accounts and regions, for tests and scenarios: neither the API nor CloudFormation makes any here. */
export class PrivateAuthorities {
  private readonly pairs = new KeyPairs('acm-pca');

  constructor(
    private readonly world: World,
    private readonly service: AcmPcaService,
  ) {}

  /** Makes an active root authority and says its ARN. */
  createAuthority(settings: NewAuthority): string {
    const { accountId, region, subject, keySpec = 'RSA_2048', validityDays = 3650 } = settings;
    const { clock, random, partition } = this.world;
    const arn = `arn:${partition}:acm-pca:${region}:${accountId}:certificate-authority/${random.uuid()}`;
    const start = Math.floor(clock.now() / 1000) * 1000;
    this.state(accountId, region).authorities.set(arn, {
      arn,
      subject,
      spec: keySpec,
      keys: this.pairs.next(keySpec),
      // Its first digit keeps it positive.
      serial: `7${random.hex(31)}`,
      notBefore: new Date(start - 3_600_000),
      notAfter: new Date(start + validityDays * 86_400_000),
      issued: new Map(),
    });
    return arn;
  }

  state(accountId: string, region: string): AcmPcaState {
    return this.world.state(this.service, accountId, region);
  }
}

/** The authority's own certificate, which is made when it is first asked for. */
export function certificateOf(authority: Authority): Promise<string> {
  authority.certificate ??= rootCertificate(authority);
  return authority.certificate;
}
