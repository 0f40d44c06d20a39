'use strict';

/**
 * Services whose names no longer resolve, as happens to one that AWS has taken away. A client in here is told the
 * endpoint's address and would look nothing up. So a request that is signed for such a service goes to the service's own
 * name, with a lookup that fails as DNS does. The real DNS is never asked.
 */

const http = require('node:http');
const https = require('node:https');

let gone = new Set();

/** @param services as signatures name them, such as `macie` */
exports.unresolvable = (services) => {
  gone = new Set(services);
};

exports.install = () => {
  for (const module of [http, https]) {
    const original = module.request;
    module.request = (options, ...rest) => original.call(module, misdirected(options), ...rest);
  }
};

function misdirected(options) {
  const scope = gone.size === 0 ? undefined : scopeOf(options.headers);
  if (scope === undefined || !gone.has(scope.service)) return options;
  const host = `${scope.service}.${scope.region}.amazonaws.com`;
  return { ...options, host, hostname: host, headers: { ...options.headers, host }, lookup: fail };
}

/** Region and service of a signature. */
function scopeOf(headers) {
  const authorization = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return /Credential=[^/]+\/\d+\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request/.exec(authorization ?? '')?.groups;
}

function fail(hostname, _options, callback) {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  callback(Object.assign(error, { errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname }));
}
