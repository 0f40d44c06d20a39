import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activationBuildSpec } from '../../src/cloudhsm/activation-buildspec';

const PASSWORD = 'n0t*be[seen]';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'settled-build-'));
  for (const folder of ['bin', 'etc']) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A command that stands in for a real one. */
function stub(name: string, script: string): void {
  const path = join(root, 'bin', name);
  writeFileSync(path, `#!/bin/bash\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Runs the commands of the phases as CodeBuild does, with the tool's folder moved. */
function build(environment: Record<string, string> = {}) {
  stub('dnf', 'echo "dnf $*"');
  stub('sleep', 'true');
  stub('configure-cli', `echo "$*" > ${root}/configured`);
  const { phases } = activationBuildSpec() as { phases: Record<string, { commands: string[] }> };
  let output = '';
  for (const { commands } of Object.values(phases)) {
    for (const command of commands) {
      const { status, stdout, stderr } = spawnSync('bash', ['-c', command.replaceAll('/opt/cloudhsm', root)], {
        encoding: 'utf8',
        env: {
          PATH: `${root}/bin:/usr/bin:/bin`,
          HSM_ADDRESS: '10.0.1.5',
          CLUSTER_ID: 'cluster-1',
          PASSWORD,
          ...environment,
        },
      });
      output += stdout + stderr;
      if (status !== 0) return { succeeded: false, output };
    }
  }
  return { succeeded: true, output };
}

const ANCHOR = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----';
const SUCCESS = `echo '{ "error_code": 0, "data": "Cluster activation successful" }'`;

test('the tool is installed, configured and told the password, which is not printed', () => {
  stub('cloudhsm-cli', `echo "$*" > ${root}/told; echo "$4"; ${SUCCESS}`);
  const { succeeded, output } = build({ TRUST_ANCHOR: ANCHOR });
  expect(succeeded).toBe(true);
  expect(output).toContain('cloudhsm-cli-latest.amzn2023.x86_64.rpm');
  expect(output).not.toContain(PASSWORD);
  expect(readFileSync(join(root, 'configured'), 'utf8')).toBe('-a 10.0.1.5\n');
  expect(readFileSync(join(root, 'etc/customerCA.crt'), 'utf8')).toBe(`${ANCHOR}\n`);
  expect(readFileSync(join(root, 'told'), 'utf8')).toBe(`cluster activate --password ${PASSWORD}\n`);
});

test('a trust anchor that is too long for the environment is read from its parameter', () => {
  stub('aws', `[ "$4" = /name ] && echo '${ANCHOR}'`);
  stub('cloudhsm-cli', SUCCESS);
  expect(build({ TRUST_ANCHOR_PARAMETER: '/name' }).succeeded).toBe(true);
  expect(readFileSync(join(root, 'etc/customerCA.crt'), 'utf8')).toBe(`${ANCHOR}\n`);
});

test('without a trust anchor it fails before the password is told', () => {
  stub('cloudhsm-cli', `touch ${root}/told; ${SUCCESS}`);
  expect(build().succeeded).toBe(false);
  expect(existsSync(join(root, 'told'))).toBe(false);
});

test.each(['Cluster has already been activated', 'cluster is ALREADY ACTIVATED'])('"%s" is success', (message) => {
  stub('cloudhsm-cli', `echo '{ "error_code": 1, "data": "${message}" }'; exit 1`);
  expect(build({ TRUST_ANCHOR: ANCHOR }).succeeded).toBe(true);
});

test('an HSM that does not answer at first is tried again', () => {
  stub('cloudhsm-cli', `echo x >> ${root}/tries; [ $(wc -l < ${root}/tries) -ge 3 ] && ${SUCCESS}`);
  expect(build({ TRUST_ANCHOR: ANCHOR }).succeeded).toBe(true);
});

test.each([
  ['with a status', `echo '{ "error_code": 1, "data": "no connection" }'; exit 1`],
  ['with a message alone', `echo '{ "error_code": 1, "data": "no connection" }'`],
])('a tool that fails %s to the end fails the build, with its message', (_what, script) => {
  stub('cloudhsm-cli', script);
  const { succeeded, output } = build({ TRUST_ANCHOR: ANCHOR });
  expect(succeeded).toBe(false);
  expect(output).toContain('no connection');
  expect(output).toContain('cluster cluster-1 could not be activated through 10.0.1.5');
});

test('nothing in it makes the shell print what it runs', () => {
  expect(JSON.stringify(activationBuildSpec())).not.toMatch(/set -[a-z]*x|xtrace/);
});
