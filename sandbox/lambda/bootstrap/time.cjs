'use strict';

/**
 * Virtual time inside a function's process: `Date` and every timer. Time moves only when the sandbox says so (at an
 * invocation, with an answer, after a sleep), so a back-off of the SDK costs nothing and is the same on every machine.
 * Node's own timers (of sockets, say) and `performance` stay real.
 */

const { AsyncResource } = require('node:async_hooks');
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');

const RealDate = Date;
const realSetImmediate = setImmediate;

let now = RealDate.now();
let running = false;
let created = 0;
/** Timers that wait, in the order of their time and then of their creation. */
const waiting = [];

exports.now = () => now;

/** Moves time on; never back, as answers may overtake each other. */
exports.advance = (to) => {
  now = Math.max(now, to);
  runDue();
};

/** Time of the first timer that keeps the function alive, or null. */
exports.nextTimer = () => waiting.find((timer) => timer.hasRef())?.due ?? null;

exports.install = (start) => {
  now = start;
  installDate();
  installTimers();
  installPromises();
};

function installDate() {
  RealDate.now = () => now;
  const VirtualDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now] : args, newTarget),
    apply: () => new RealDate(now).toString(),
  });
  RealDate.prototype.constructor = VirtualDate;
  globalThis.Date = VirtualDate;
}

function installTimers() {
  const setTimeout = (callback, delay, ...args) => new Timer(callback, delay, args, false);
  const setInterval = (callback, delay, ...args) => new Timer(callback, delay, args, true);
  Object.defineProperty(setTimeout, promisify.custom, { value: sleep });
  const clear = (timer) => find(timer)?.close();
  const replaced = { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear };
  Object.assign(globalThis, replaced);
  Object.assign(timers, replaced);
}

function installPromises() {
  timersPromises.setTimeout = sleep;
  timersPromises.setInterval = async function* (delay, value, options) {
    for (;;) yield await sleep(Math.max(1, delay), value, options);
  };
  timersPromises.scheduler.wait = (delay, options) => sleep(delay, undefined, options);
}

function sleep(delay, value, options = {}) {
  const { signal, ref = true } = options;
  return new Promise((resolve, reject) => {
    const abort = () => {
      timer.close();
      reject(Object.assign(new Error('The operation was aborted', { cause: signal.reason }), ABORTED));
    };
    const timer = new Timer(
      () => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      },
      delay,
      [],
      false,
    );
    if (!ref) timer.unref();
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

const ABORTED = { name: 'AbortError', code: 'ABORT_ERR' };

class Timer extends AsyncResource {
  constructor(callback, delay, args, repeats) {
    super('Timeout');
    if (typeof callback !== 'function') throw new TypeError(`a timer needs a function, got ${String(callback)}`);
    const ms = Number(delay);
    this.delay = ms >= 1 && ms <= 2 ** 31 - 1 ? Math.trunc(ms) : 1;
    this.callback = callback;
    this.args = args;
    this.repeats = repeats;
    this.referenced = true;
    this.id = ++created;
    // A delay of 0 only lets others run first.
    this.enqueue(!repeats && this.delay === 1 ? 0 : this.delay);
  }

  enqueue(delay) {
    this.due = now + delay;
    const after = waiting.findIndex((timer) => timer.due > this.due);
    waiting.splice(after < 0 ? waiting.length : after, 0, this);
    runDue();
  }

  fire() {
    this.dequeue();
    if (this.repeats) this.enqueue(this.delay);
    this.runInAsyncScope(this.callback, this, ...this.args);
  }

  dequeue() {
    const index = waiting.indexOf(this);
    if (index >= 0) waiting.splice(index, 1);
  }

  close() {
    this.dequeue();
    this.repeats = false;
    return this;
  }

  refresh() {
    this.dequeue();
    this.enqueue(this.delay);
    return this;
  }

  ref() {
    this.referenced = true;
    return this;
  }

  unref() {
    this.referenced = false;
    return this;
  }

  hasRef() {
    return this.referenced;
  }

  [Symbol.toPrimitive]() {
    return this.id;
  }
}

function find(timer) {
  return timer instanceof Timer ? timer : waiting.find(({ id }) => id === Number(timer));
}

/** One timer a turn of the event loop, so that one that throws does not keep the next from running. */
function runDue() {
  if (running || waiting.length === 0 || waiting[0].due > now) return;
  running = true;
  realSetImmediate(() => {
    running = false;
    const first = waiting[0];
    if (first === undefined || first.due > now) return;
    try {
      first.fire();
    } finally {
      runDue();
    }
  });
}
