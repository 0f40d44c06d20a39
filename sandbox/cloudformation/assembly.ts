import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  AssetManifestArtifact,
  CloudAssembly,
  type CloudFormationStackArtifact,
  UNKNOWN_ACCOUNT,
  UNKNOWN_REGION,
} from 'aws-cdk-lib/cx-api';
import type { AssetLookup } from './assets';

/** A stack of a cloud assembly, with all that its deployment needs. */
export interface AssembledStack {
  readonly id: string;
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  readonly template: object;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly assets: AssetLookup;
  /** Ids of stacks that must be deployed before. */
  readonly dependencies: readonly string[];
}

/** Loads `cdk.out`, those of stages included: its stacks, in an order in which they can be deployed. */
export function loadAssembly(
  directory: string,
  defaults: { readonly accountId: string; readonly region: string },
): AssembledStack[] {
  const assembly = new CloudAssembly(directory);
  return assembly.stacksRecursively.map((artifact) => {
    const { account, region } = artifact.environment;
    const template = artifact.template as { Resources?: Record<string, { Type?: string }> };
    refuseNestedStacks(artifact, template);
    return {
      id: artifact.id,
      stackName: artifact.stackName,
      accountId: account === UNKNOWN_ACCOUNT ? defaults.accountId : account,
      region: region === UNKNOWN_REGION ? defaults.region : region,
      template,
      parameters: texts(artifact.parameters),
      tags: artifact.tags,
      assets: new AssemblyAssets(artifact),
      dependencies: artifact.dependencies.filter((item) => 'stackName' in item).map((item) => item.id),
    };
  });
}

/** The assets that a stack's manifests list, found by their object key: the bucket's name holds the account's number. */
class AssemblyAssets implements AssetLookup {
  private readonly directories = new Map<string, string>();

  constructor(artifact: CloudFormationStackArtifact) {
    for (const dependency of artifact.dependencies) {
      if (dependency instanceof AssetManifestArtifact) this.read(dependency.file);
    }
  }

  directory(_bucket: string, key: string): string | undefined {
    return this.directories.get(key);
  }

  private read(file: string): void {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as AssetManifest;
    if (Object.keys(manifest.dockerImages ?? {}).length > 0) {
      throw new Error(`${file} has docker images, which the sandbox cannot run; use file assets`);
    }
    for (const asset of Object.values(manifest.files ?? {})) {
      if (asset.source.packaging !== 'zip' || asset.source.path === undefined) continue;
      for (const { objectKey } of Object.values(asset.destinations)) {
        this.directories.set(objectKey, resolve(join(dirname(file), asset.source.path)));
      }
    }
  }
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string; readonly packaging?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

function refuseNestedStacks(
  artifact: CloudFormationStackArtifact,
  template: { readonly Resources?: Readonly<Record<string, { readonly Type?: string }>> },
): void {
  const nested = Object.entries(template.Resources ?? {}).filter(
    ([, body]) => body.Type === 'AWS::CloudFormation::Stack',
  );
  if (nested.length === 0) return;
  const names = nested.map(([logicalId]) => logicalId).join(', ');
  throw new Error(`stack ${artifact.stackName} has the nested stacks ${names}, which the sandbox cannot deploy`);
}

function texts(parameters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}
