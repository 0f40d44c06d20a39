/**
 * The public package of the command-line tool, for the Amazon Linux 2023 images of CodeBuild on x86.
 * Source: https://docs.aws.amazon.com/cloudhsm/latest/userguide/gs_cloudhsm_cli-install.html
 */
const CLI_PACKAGE =
  'https://s3.amazonaws.com/cloudhsmv2-software/CloudHsmClient/Amzn2023/cloudhsm-cli-latest.amzn2023.x86_64.rpm';

/** A new HSM may not answer at once: so many tries, and seconds between them. */
const TRIES = 10;
const PAUSE_SECONDS = 30;

/**
 * What the build does that activates a cluster, since AWS has no API for it. It takes these environment variables:
 *
 * - `HSM_ADDRESS` and `CLUSTER_ID`, plain text, which come with each build;
 * - `PASSWORD`, of type `SECRETS_MANAGER`: the first password of the administrator;
 * - `TRUST_ANCHOR`, of type `PARAMETER_STORE`: the root certificate in PEM, or else `TRUST_ANCHOR_PARAMETER`, plain text:
 *   the name of the parameter, for a certificate that is too long for an environment variable.
 *
 * CodeBuild prints each command as it is written here, with the names of the variables and not their values. The tool's
 * own output is printed with the password cut out, although it never shows it.
 */
export function activationBuildSpec(): Record<string, unknown> {
  return {
    version: '0.2',
    env: { shell: 'bash' },
    phases: {
      install: { 'on-failure': 'ABORT', commands: [`dnf install --assumeyes ${CLI_PACKAGE}`] },
      pre_build: {
        'on-failure': 'ABORT',
        commands: [TAKE_TRUST_ANCHOR, '/opt/cloudhsm/bin/configure-cli -a "$HSM_ADDRESS"'],
      },
      build: { 'on-failure': 'ABORT', commands: [ACTIVATE] },
    },
  };
}

/** Where the tool looks for it, source: https://docs.aws.amazon.com/cloudhsm/latest/userguide/activate-cluster.html */
const TRUST_ANCHOR_FILE = '/opt/cloudhsm/etc/customerCA.crt';

/** One command each, so that the shell's options and variables last. */
const TAKE_TRUST_ANCHOR = `set -euo pipefail
if [ -n "\${TRUST_ANCHOR:-}" ]; then
  printf '%s\\n' "$TRUST_ANCHOR" > ${TRUST_ANCHOR_FILE}
else
  aws ssm get-parameter --name "$TRUST_ANCHOR_PARAMETER" --query Parameter.Value --output text > ${TRUST_ANCHOR_FILE}
fi`;

const ACTIVATE = `set -euo pipefail
for try in $(seq ${TRIES}); do
  status=0
  output=$(/opt/cloudhsm/bin/cloudhsm-cli cluster activate --password "$PASSWORD" 2>&1) || status=$?
  printf '%s\\n' "\${output//"$PASSWORD"/***}"
  if [[ "\${output,,}" == *"already been activated"* || "\${output,,}" == *"already activated"* ]]; then
    echo "cluster $CLUSTER_ID is active already"
    exit 0
  fi
  if [[ "$status" -eq 0 && ! "$output" =~ \\"error_code\\":[[:space:]]*[1-9] ]]; then
    echo "cluster $CLUSTER_ID is activated"
    exit 0
  fi
  if [ "$try" -lt ${TRIES} ]; then sleep ${PAUSE_SECONDS}; fi
done
echo "cluster $CLUSTER_ID could not be activated through $HSM_ADDRESS; see the messages of the tool above"
exit 1`;
