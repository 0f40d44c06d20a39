'use strict';

/**
 * Leads a function to the sandbox's response receiver, and lets it trust that one's certificate. `NODE_EXTRA_CA_CERTS`
 * would make every process read all root certificates when it starts, which takes longer than the rest of its start.
 */

const { readFileSync } = require('node:fs');
const https = require('node:https');
const tls = require('node:tls');

exports.install = (port, caFile) => {
  // The provider framework drops the port of the address that it answers to.
  https.globalAgent.defaultPort = port;
  if (caFile === '') return;
  const { connect } = tls;
  tls.connect = (...args) => {
    const [options, ...rest] = args;
    if (!leadsTo(port, options)) return connect(...args);
    return connect({ ca: readFileSync(caFile), ...options }, ...rest);
  };
};

function leadsTo(port, options) {
  return typeof options === 'object' && LOOPBACK.has(options.host) && Number(options.port) === port;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1']);
