import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Folders with cloud assemblies, written by hand. */
export class Assemblies {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-control-'));
  private written = 0;

  /** A cloud assembly with the given resources by stack; `Name@account/region` sets the environment. */
  write(stacks: Readonly<Record<string, object>>, template: object = {}): string {
    const directory = path.join(this.folder, `cdk.out-${this.written++}`);
    mkdirSync(directory);
    const artifacts: Record<string, object> = {};
    for (const [title, Resources] of Object.entries(stacks)) {
      const [name = '', environment = 'unknown-account/unknown-region'] = title.split('@');
      const templateFile = `${name}.template.json`;
      writeFileSync(path.join(directory, templateFile), JSON.stringify({ Resources, ...template }));
      artifacts[name] = {
        type: 'aws:cloudformation:stack',
        environment: `aws://${environment}`,
        properties: { templateFile },
      };
    }
    writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ version: '36.0.0', artifacts }));
    return directory;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const topic = (TopicName: string) => ({ Type: 'AWS::SNS::Topic', Properties: { TopicName } });

export const failing = (Message: string) => ({ Type: 'Sandbox::Failing', Properties: { Fail: 'create', Message } });
