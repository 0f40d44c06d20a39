'use strict';

/**
 * Watches the calls to the sandbox's endpoint. A socket that only waits for an answer does not keep the event loop
 * alive; so an empty loop means that the function itself has nothing left to do until an answer or a timer comes.
 */

const http = require('node:http');
const https = require('node:https');

let inFlight = 0;

/** Calls that have been sent and not been answered. */
exports.inFlight = () => inFlight;

/**
 * @param endpoint host and port of the sandbox's endpoint
 * @param execution what the endpoint shall pause while it works, sent with each call
 * @param onAnswer called with the virtual time of an answer, or undefined when a call failed, before the caller hears
 */
exports.install = (endpoint, execution, onAnswer) => {
  for (const module of [http, https]) {
    const original = module.request;
    const request = (...args) => {
      const created = original.apply(module, args);
      if (created.getHeader('host') === endpoint) watch(created, execution, onAnswer);
      return created;
    };
    module.request = request;
    module.get = (...args) => request(...args).end();
  }
  globalThis.fetch = () => Promise.reject(new TypeError(FETCH));
};

const FETCH = 'the sandbox cannot tell when fetch() waits: call AWS with the SDK, or anything else with node:https';

function watch(request, execution, onAnswer) {
  if (!request.headersSent) request.setHeader('x-sandbox-execution', execution);
  let counted = false;
  let ended = false;
  const answered = (at) => {
    if (ended) return;
    ended = true;
    if (counted) inFlight -= 1;
    onAnswer(at);
  };
  request.once('socket', (socket) => {
    if (ended) return;
    counted = true;
    inFlight += 1;
    socket.unref();
    if (socket.connecting) socket.once('connect', () => ended || socket.unref());
  });
  request.prependOnceListener('response', (response) => {
    // The body is still to come; the agent unrefs the socket when it has been read.
    request.socket?.ref();
    const at = Number(response.headers['x-sandbox-now']);
    answered(Number.isFinite(at) ? at : undefined);
    // Node does this itself only where nobody listens.
    if (request.listenerCount('response') === 0) response.resume();
  });
  request.once('close', () => answered());
}
