import { invalidArgs } from './errors';

/** What a template puts into a certificate. */
export interface Template {
  readonly authority: boolean;
  readonly pathLength?: number;
  readonly extendedUses: ReadonlyArray<'serverAuth' | 'clientAuth' | 'codeSigning' | 'ocspSigning'>;
}

const END_ENTITY: Readonly<Record<string, Template>> = {
  EndEntityCertificate: { authority: false, extendedUses: ['serverAuth', 'clientAuth'] },
  EndEntityServerAuthCertificate: { authority: false, extendedUses: ['serverAuth'] },
  EndEntityClientAuthCertificate: { authority: false, extendedUses: ['clientAuth'] },
  CodeSigningCertificate: { authority: false, extendedUses: ['codeSigning'] },
  OCSPSigningCertificate: { authority: false, extendedUses: ['ocspSigning'] },
  RootCACertificate: { authority: true, extendedUses: [] },
};

const DEFAULT = 'EndEntityCertificate';

/**
 * The template that an ARN names. Those that pass extensions through are not known here.
 * Source: https://docs.aws.amazon.com/privateca/latest/userguide/UsingTemplates.html
 */
export function templateOf(arn: string | undefined): Template {
  const name = arn === undefined ? DEFAULT : (/^arn:[\w-]+:acm-pca:::template\/(\w+)\/V1$/.exec(arn)?.[1] ?? '');
  const depth = /^SubordinateCACertificate_PathLen([0-3])$/.exec(name)?.[1];
  if (depth !== undefined) return { authority: true, pathLength: Number(depth), extendedUses: [] };
  const template = END_ENTITY[name];
  if (template !== undefined) return template;
  throw invalidArgs(
    `template ${arn} is not one that the sandbox knows: ${Object.keys(END_ENTITY).join(', ')}, SubordinateCACertificate_PathLen0 to 3`,
  );
}
