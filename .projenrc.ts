import { awscdk } from 'projen';
import { type AddBundleOptions, NodePackageManager, UpdateSnapshot } from 'projen/lib/javascript';
import { IndentStyle, JsTrailingCommas, QuoteStyle } from 'projen/lib/javascript/biome/biome-config';

// The type of the Lambda options does not name all that is passed on to the bundler.
const handlerBundle: Partial<AddBundleOptions> = {
  externals: [],
  sourcemap: false,
  minify: true,
  // ES modules, so that what a handler does not use stays out of its bundle.
  mainFields: ['module', 'main'],
  // One client of STS: the SDK's credential providers bring a copy of their own, without the operation that decodes.
  esbuildArgs: { '--alias:@aws-sdk/nested-clients/sts': '@aws-sdk/client-sts' },
};

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-settled',
  description:
    'CDK constructs that are done only when AWS is done: CloudWatch RUM, CloudHSM, Macie and Performance Insights, with STS role assumption',
  author: 'cdk-settled contributors',
  authorAddress: 'maintainers@cdk-settled.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-settled/cdk-settled.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-settled contributors',
  stability: 'experimental',
  keywords: [
    'aws',
    'cdk',
    'cloudformation',
    'custom-resource',
    'cloudwatch-rum',
    'rum',
    'cloudhsm',
    'macie',
    'performance-insights',
    'sts',
  ],
  defaultReleaseBranch: 'main',
  majorVersion: 0,

  packageManager: NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  cdkVersion: '2.245.0',
  constructsVersion: '10.5.0',
  jsiiVersion: '~6.0.16',
  projenrcTs: true,

  publishToPypi: { distName: 'cdk-settled', module: 'cdk_settled' },
  publishToMaven: {
    javaPackage: 'io.github.cdksettled',
    mavenGroupId: 'io.github.cdk-settled',
    mavenArtifactId: 'cdk-settled',
  },
  publishToNuget: { dotNetNamespace: 'CdkSettled', packageId: 'CdkSettled' },
  publishToGo: { moduleName: 'github.com/cdk-settled/cdk-settled-go' },

  // The CDK is a peer; everything that a handler needs is bundled into its asset.
  devDeps: [
    '@aws-lambda-powertools/logger',
    '@aws-sdk/client-acm-pca',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-cloudhsm-v2',
    '@aws-sdk/client-cloudwatch-logs',
    '@aws-sdk/client-codebuild',
    '@aws-sdk/client-kms',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-macie',
    '@aws-sdk/client-macie2',
    '@aws-sdk/client-pi',
    '@aws-sdk/client-rds',
    '@aws-sdk/client-rum',
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sfn',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-ssm',
    '@aws-sdk/client-sts',
    '@aws-sdk/credential-providers',
    '@peculiar/x509',
    '@smithy/core',
    '@smithy/node-http-handler',
    '@smithy/signature-v4',
    '@aws-crypto/sha256-js',
    '@types/aws-lambda',
    'aws-cdk@^2',
    'cdk-nag@~2.37.55',
    'fast-check',
    'fast-xml-parser@^5',
    'reflect-metadata',
    'tsx',
    // Named so that their newest versions are shared by all clients: the last releases of the clients for CloudHSM and
    // Private CA bring old ones, and a bundle would have both.
    '@aws-sdk/core',
    '@aws-sdk/credential-provider-env',
    '@aws-sdk/credential-provider-http',
    '@aws-sdk/credential-provider-ini',
    '@aws-sdk/credential-provider-node',
    '@aws-sdk/credential-provider-process',
    '@aws-sdk/credential-provider-sso',
    '@aws-sdk/credential-provider-web-identity',
    '@aws-sdk/token-providers',
    '@smithy/credential-provider-imds',
    '@smithy/types',
  ],

  // One formatter and linter: Biome.
  eslint: false,
  biome: true,
  biomeOptions: {
    // The newest version with binaries for all platforms; without them the lock file would fit this platform alone.
    version: '~2.5.15',
    biomeConfig: {
      files: { includes: ['**', '!**/*-function.ts', '!**/*.json', '!**/*.jsonc', '!**/*.md'] },
      linter: {
        // Both are deliberate here: maps that are known to hold a key, and IAM's and CloudFormation's own `${…}`.
        rules: { style: { noNonNullAssertion: 'off' }, suspicious: { noTemplateCurlyInString: 'off' } },
      },
      formatter: { lineWidth: 120, indentStyle: IndentStyle.SPACE },
      javascript: { formatter: { quoteStyle: QuoteStyle.SINGLE, trailingCommas: JsTrailingCommas.ALL } },
    },
  },

  jestOptions: {
    updateSnapshot: UpdateSnapshot.NEVER,
    // Coverage costs more time than the tests; `npx jest --coverage` shows it.
    jestConfig: {
      collectCoverage: false,
      maxWorkers: 2,
      // The long ones are a task of their own: `npm test` is to stay under five minutes.
      testPathIgnorePatterns: ['/node_modules/', '\\.long\\.test\\.ts$'],
    },
  },

  // A handler's bundle is deployed as it is: its SDK inside, pinned runtime, no source map in the asset.
  lambdaOptions: {
    runtime: awscdk.LambdaRuntime.NODEJS_22_X,
    bundlingOptions: handlerBundle,
  },

  // Handlers are bundled, not compiled into the library.
  excludeTypescript: ['src/runtime/**', 'src/**/*.reconciler.ts', 'src/**/*.runtime.ts', 'src/**/*.lambda.ts'],
});

// The test runner's resolver, too, in the newest version with binaries for all platforms.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

project.npmignore?.exclude(
  '/sandbox/',
  '/examples/',
  '/bench/',
  '/campaign/',
  '/docs/',
  '/.ci/',
  '/biome.jsonc',
  '/ARCHITECTURE.md',
  '/CONTRIBUTING.md',
);

project.gitignore.exclude('/bench-results.json', '/cdk.out/');
// Node's usual rules hide folders of this name.
project.gitignore.include('/sandbox/services/logs/');

// Handlers run on Node 22 in Lambda; the sandbox runs them on whatever Node there is.
project.tasks.addEnvironment('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');

// The tests deploy what is bundled, and check the types of everything that is not compiled by jsii.
const typecheck = project.addTask('typecheck', {
  description: 'Check the types of handlers, sandbox, examples, bench and tests',
  exec: 'tsc --noEmit -p test/tsconfig.json',
});
for (const folder of ['src', 'sandbox', 'examples', 'bench', 'campaign'])
  project.tsconfigDev.addInclude(`../${folder}/**/*.ts`);
project.testTask.prependSpawn(typecheck);
project.testTask.prependSpawn(project.tasks.tryFind('bundle')!);

project.addTask('test:long', {
  description: 'Run the long deployments, which npm test leaves out',
  steps: [
    { spawn: 'bundle' },
    {
      exec: 'jest --ci --testPathIgnorePatterns /node_modules/ --testMatch "**/*.long.test.ts"',
      receiveArgs: true,
    },
  ],
});

const sandboxTask = (name: string, description: string, script: string) => {
  const task = project.addTask(name, { description });
  task.spawn(project.tasks.tryFind('bundle')!);
  task.exec(`tsx ${script}`, { receiveArgs: true });
};
sandboxTask('demo', 'Deploy the examples to the sandbox and show what happens', 'examples/demo.ts');
sandboxTask('sandbox', 'Deploy a cloud assembly to the sandbox, or serve it on loopback', 'sandbox/cli.ts');
sandboxTask('campaign', 'Meet every call of every lifecycle with every fault', 'campaign/index.ts');
sandboxTask('bench', 'Measure the promises of the README', 'bench/index.ts');

project.synth();
