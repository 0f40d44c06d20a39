'use strict';

/**
 * Sends what a function prints to the sandbox, in lines and in step with its other messages. What was printed at once goes
 * in one message: the provider framework prints an answer of its function with a line for each byte.
 */

let send = () => {};

exports.install = (sendLines) => {
  send = sendLines;
};

/** Sends lines that have no end yet. */
exports.flush = () => {
  for (const stream of streams) stream.flush();
};

const streams = [capture(process.stdout), capture(process.stderr)];

function capture(stream) {
  let rest = '';
  stream.write = (chunk, encoding, callback) => {
    const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
    rest = lines.pop();
    if (lines.length > 0) send(lines);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
  return {
    flush() {
      if (rest !== '') send([rest]);
      rest = '';
    },
  };
}
