'use strict';

/**
 * Seeded chance inside a function's process: the SDK's jitter and tokens are the same in every run. Keys are not: random
 * bytes stay what they are.
 */

const crypto = require('node:crypto');

exports.install = (seed) => {
  let state = seed >>> 0;
  // The "mulberry32" generator, as in the sandbox's kernel.
  Math.random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  crypto.randomUUID = randomUuid;
  crypto.webcrypto.randomUUID = randomUuid;
};

function randomUuid() {
  const digits = Array.from({ length: 30 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  return digits.replace(/^(.{8})(.{4})(.{3})(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}
