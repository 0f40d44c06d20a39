'use strict';

/** Sends what a function prints to the sandbox, line by line and in step with its other messages. */

let send = () => {};

exports.install = (sendLine) => {
  send = sendLine;
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
    for (const line of lines) send(line);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
  return {
    flush() {
      if (rest !== '') send(rest);
      rest = '';
    },
  };
}
