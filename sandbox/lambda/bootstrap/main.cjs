'use strict';

/**
 * The first script of a function's process: it takes the place of Lambda's runtime. It speaks with the sandbox over the
 * process's channel: `start`, `invoke` and `wake` come in; `result`, `idle` and `log` go out.
 *
 * While an invocation runs, the channel does not keep the event loop alive. When the loop runs empty, the function only
 * waits for answers and timers, and says so (`idle`): then time may go on.
 */

const { syncBuiltinESMExports } = require('node:module');
const chance = require('./chance.cjs');
const { confine, describe, load } = require('./handler.cjs');
const names = require('./names.cjs');
const output = require('./output.cjs');
const responses = require('./responses.cjs');
const time = require('./time.cjs');
const traffic = require('./traffic.cjs');

/** Answers of a synchronous invocation are limited to this many bytes. Source: Lambda quotas. */
const MAX_RESPONSE_BYTES = 6_291_556;

let settings;
let handler;
let invocation;

const messages = {
  start(message) {
    settings = message;
    time.install(message.now);
    chance.install(message.seed);
    names.install();
    traffic.install(message.endpoint, message.execution, (now) => {
      if (now !== undefined) time.advance(now);
      work();
    });
    output.install((lines) => send({ type: 'log', at: time.now(), lines }));
    responses.install(message.responsePort, message.caFile);
    syncBuiltinESMExports();
    confine(message.taskRoot);
  },
  invoke(message) {
    names.unresolvable(message.unresolvable);
    time.advance(message.now);
    work();
    run(message);
  },
  wake(message) {
    work();
    time.advance(message.now);
  },
};

process.on('message', (message) => messages[message.type](message));
process.on('disconnect', () => process.exit());
process.on('beforeExit', rest);
process.on('uncaughtException', (error) => crash(describe(error)));
process.on('unhandledRejection', (reason) => {
  const { trace } = describe(reason);
  crash({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason), trace });
});

function send(message) {
  if (process.connected) process.send(message);
}

function work() {
  if (invocation !== undefined) process.channel?.unref();
}

/** The event loop is empty. */
function rest() {
  if (!process.connected) return;
  process.channel.ref();
  if (invocation === undefined) return;
  const due = time.nextTimer();
  const inFlight = traffic.inFlight();
  if (due === null && inFlight === 0) finish(invocation.atRest);
  else send({ type: 'idle', due, inFlight });
}

async function run(message) {
  // What Lambda answers when nothing is left to do and no result came.
  const current = { atRest: { payload: 'null' } };
  invocation = current;
  process.channel.unref();
  const done = (answer) => {
    if (invocation === current) finish(answer);
  };
  try {
    handler ??= await load(settings.taskRoot, settings.handler);
    const context = lambdaContext(message);
    const returned = handler(JSON.parse(message.event), context, (error, value) => {
      const answer = error === undefined || error === null ? success(value) : failed(describe(error));
      if (context.callbackWaitsForEmptyEventLoop) current.atRest = answer;
      else done(answer);
    });
    if (typeof returned?.then === 'function') done(success(await returned));
  } catch (error) {
    done(failed(describe(error)));
  }
}

function lambdaContext(message) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: message.arn,
    awsRequestId: message.requestId,
    getRemainingTimeInMillis: () => message.deadline - time.now(),
  };
}

function success(value) {
  const payload = JSON.stringify(value === undefined ? null : value) ?? 'null';
  const size = Buffer.byteLength(payload);
  if (size <= MAX_RESPONSE_BYTES) return { payload };
  const errorMessage = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
  return failed({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
}

function failed(error) {
  return { functionError: 'Unhandled', payload: JSON.stringify(error) };
}

function finish(answer) {
  invocation = undefined;
  process.channel?.ref();
  output.flush();
  send({ type: 'result', ...answer });
}

/** Nobody caught an error: Lambda answers with it and throws the process away. */
function crash(error) {
  output.flush();
  const exit = () => process.exit(1);
  if (invocation === undefined || !process.connected) exit();
  else process.send({ type: 'result', last: true, ...failed(error) }, exit);
  invocation = undefined;
}
