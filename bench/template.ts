import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atMost, type Measure } from './measure';
import { synthesize } from './stage';

const PROVIDER_RESOURCES = 14;

/** What of a stack's 500 resources the library takes. */
export const template: Measure = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-bench-'));
  const [one, two] = [resources(folder, 1), resources(folder, 2)];
  rmSync(folder, { recursive: true });
  const perMonitor = two - one;
  const provider = one - perMonitor;
  return [
    {
      name: 'template: resources of the provider',
      value: `${provider}`,
      figures: { resources: provider },
      target: atMost(provider, PROVIDER_RESOURCES),
    },
    {
      name: 'template: resources of each monitor',
      value: `${perMonitor}`,
      figures: { resources: perMonitor },
      target: atMost(perMonitor, 1),
    },
  ];
};

function resources(folder: string, monitors: number): number {
  const [stack] = synthesize(folder, monitors).stacks;
  return Object.keys(stack!.template.Resources).length;
}
